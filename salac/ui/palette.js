const HEX = /^#[0-9a-f]{6}$/i;

const read = () =>
  [...element.querySelectorAll(".swatch")]
    .map((swatch) => ({ color: swatch.querySelector(".hex").value.trim(), weight: swatch.dataset.weight }))
    .filter((swatch) => swatch.color);

// A color that is added weighs as much as the lightest one that is there.
const add = () => {
  const swatches = read();
  const weight = Math.min(...swatches.map((swatch) => Number(swatch.weight)), 1);
  props.value = [...swatches, { color: "#888888", weight: String(weight) }];
};

element.addEventListener("input", ({ target }) => {
  const swatch = target.closest(".swatch");
  if (target.matches(".well")) swatch.querySelector(".hex").value = target.value;
  else if (HEX.test(target.value)) swatch.querySelector(".well").value = target.value;
});
element.addEventListener("change", () => { props.value = read(); });
element.addEventListener("click", ({ target }) => { if (target.matches(".add")) add(); });
