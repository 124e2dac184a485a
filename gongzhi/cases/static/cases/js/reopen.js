// A form that was refused stands in its dialog: the dialog opens again, with what was typed.
export function mount(element) {
  const dialog = element.closest("dialog");
  if (dialog && !dialog.open) dialog.showModal();
  const wrong = dialog?.querySelector("[aria-invalid=true]") ?? dialog?.querySelector("textarea, select, input:not([type=hidden])");
  wrong?.focus();
}
