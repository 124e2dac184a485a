// The position of this moment, asked for once, at a press: two hidden fields of the form get it, nothing else keeps it.
export function mount(element) {
  const form = element.closest("form");
  const words = element.querySelector("[data-words]");
  const { got = "", refused = "" } = element.dataset;
  element.querySelector("[data-here]").addEventListener("click", () => {
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => {
        form.querySelector("input[name$='lng']").value = coords.longitude.toFixed(6);
        form.querySelector("input[name$='lat']").value = coords.latitude.toFixed(6);
        words.textContent = got;
      },
      () => {
        words.textContent = refused;
      },
      { enableHighAccuracy: true, timeout: 15000, maximumAge: 0 },
    );
  });
}
