"""A leader with nothing but a keyboard: Tab, Shift+Tab, arrows, Space and Enter; the focus is watched at every step."""

from typing import Any, Self

from tests.web.journey.diary import Leader

FAR = 120
_FOCUS = """() => {
  const one = document.activeElement;
  if (one === document.body) return { name: "", kind: "body", group: "", seen: false };
  const named = (ids) => ids.split(" ").map((id) => document.getElementById(id)?.textContent ?? "").join(" ");
  const labelled = (it) => it.hasAttribute("aria-labelledby") ? named(it.getAttribute("aria-labelledby")) : null;
  const about = (it) => (it ? it.getAttribute("aria-label") ?? labelled(it) : null);
  const group = one.closest("fieldset, [role=group], [role=radiogroup]");
  const outer = one.closest(".choice") ?? one;
  const isDrawn = ({ outlineStyle, outlineWidth }) => outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  const drawn = [one, outer].some((it) => isDrawn(getComputedStyle(it)));
  const { top, bottom, left } = outer.getBoundingClientRect();
  const uncovered = [top + 4, (top + bottom) / 2, bottom - 4].some((y) => {
    const at = document.elementFromPoint(left + 16, y);
    return at && (outer.contains(at) || at.contains(outer));
  });
  return {
    name: (about(one) ?? one.labels?.[0]?.textContent ?? one.textContent).replace(/\\s+/g, " ").trim(),
    kind: one.type || one.tagName.toLowerCase(),
    group: (about(group) ?? group?.querySelector("legend")?.textContent ?? "").trim(),
    seen: drawn && uncovered,
  };
}"""


class Typist(Leader):
    """What she does; a focus that is lost or cannot be seen ends it."""

    def focus(self) -> dict[str, Any]:
        """Return where the focus is: {name, kind, group, seen}."""
        found: dict[str, Any] = self.page.evaluate(_FOCUS)
        return found

    def key(self, name: str) -> Self:
        """Press a key."""
        self.page.keyboard.press(name)
        return self

    def sees(self, title: str) -> Self:
        """Wait for a screen; the focus is on it."""
        super().sees(title)
        assert self.focus()["kind"] != "body", f"The focus is lost at {title}."
        return self

    def tab(self, key: str = "Tab") -> dict[str, Any]:
        """Go to the next place, and see where it is."""
        self.key(key)
        found = self.focus()
        assert found["seen"] or found["kind"] == "body", f"The focus cannot be seen: {found}"
        return found

    def reaches(self, name: str, group: str = "", key: str = "Tab") -> Self:
        """Go on until the focus is at this place."""
        for _ in range(FAR):
            found = self.tab(key)
            if found["name"] == name and group in found["group"]:
                return self
        raise AssertionError(f"{name} is not reached.")

    def enters(self, name: str) -> Self:
        """Go to a button or a link, and press Enter."""
        return self.reaches(name).key("Enter")

    def picks(self, group: str, answer: str) -> Self:
        """Go to a group and choose: radios with the arrows, checkboxes with Space."""
        found = self.focus()
        for _ in range(FAR):
            if group in found["group"] and (found["kind"] == "radio" or found["name"] == answer):
                break
            found = self.tab()
        for _ in range(FAR):
            if found["name"] == answer:
                return self if self._is_chosen() else self.key("Space")
            found = self.tab("ArrowDown")
        raise AssertionError(f"{group} has no {answer}.")

    def _is_chosen(self) -> bool:
        return bool(self.page.evaluate("() => document.activeElement.checked"))
