// Ask for the position once, put it in the address of this one request, and keep it nowhere.
export function mount(button) {
  button.addEventListener("click", () => {
    if (!navigator.geolocation) return;
    button.disabled = true;
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        location.search = `?lat=${coords.latitude.toFixed(5)}&lng=${coords.longitude.toFixed(5)}`;
      },
      () => {
        button.disabled = false;
      },
      { maximumAge: 60000, timeout: 10000 },
    );
  });
}
