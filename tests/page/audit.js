/* Looks at the page as it now stands and returns what is wrong, as strings. Read by test_reach.py. */

const shown = (node) => {
  const box = node.getBoundingClientRect();
  return box.width > 1 && box.height > 1 && node.checkVisibility({ visibilityProperty: true });
};
const called = (node) => `${node.tagName.toLowerCase()}.${node.className} "${node.textContent.trim().slice(0, 40)}"`;
const controls = () => [...document.querySelectorAll("button, a[href], input, select, textarea, summary, audio, video")].filter(shown);

const channels = (colour) => {
  const numbers = colour.match(/[\d.]+/g).map(Number);
  return { rgb: numbers.slice(0, 3), alpha: numbers[3] ?? 1 };
};
const luminance = (rgb) => {
  const [r, g, b] = rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const ratio = (one, other) => {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (light + 0.05) / (dark + 0.05);
};
const over = (top, alpha, below) => top.map((value, index) => value * alpha + below[index] * (1 - alpha));
const ground = (node) => {
  if (!node) return [255, 255, 255];
  const { rgb, alpha } = channels(getComputedStyle(node).backgroundColor);
  return alpha === 1 ? rgb : over(rgb, alpha, ground(node.parentElement));
};

function faintTexts() {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const faint = [];
  while (walker.nextNode()) {
    const text = walker.currentNode;
    const node = text.parentElement;
    if (!text.data.trim() || !shown(node) || node.closest(".spoken, noscript, option")) continue;
    const { rgb, alpha } = channels(getComputedStyle(node).color);
    const below = ground(node);
    const found = ratio(over(rgb, alpha, below), below);
    if (found < 4.5) faint.push(`${found.toFixed(2)} ${called(node)}`);
  }
  for (const node of [...document.querySelectorAll("[placeholder]")].filter(shown)) {
    const found = ratio(channels(getComputedStyle(node, "::placeholder").color).rgb, ground(node));
    if (found < 4.5) faint.push(`${found.toFixed(2)} placeholder of ${called(node)}`);
  }
  return faint;
}

function namelessControls() {
  const named = (node) => node.getAttribute("aria-label") || node.labels?.length || node.textContent.trim() || node.getAttribute("aria-labelledby");
  return controls().filter((node) => !named(node)).map(called);
}

function doubleIds() {
  const ids = [...document.querySelectorAll("[id]")].map(({ id }) => id);
  return ids.filter((id, index) => ids.indexOf(id) !== index);
}

function smallTargets() {
  const inSentence = (node) => node.closest(".words") && node.matches("a, .command"); // WCAG 2.5.8 exempts these
  return controls().filter((node) => !inSentence(node) && Math.min(node.offsetWidth, node.offsetHeight) < 24).map(called);
}

function unseenFocus() {
  const ringed = (node) => {
    node.focus({ focusVisible: true, preventScroll: true });
    const holder = node.matches("textarea") ? node.closest(".well") ?? node : node;
    const { outlineStyle, outlineWidth } = getComputedStyle(holder);
    return outlineStyle !== "none" && parseFloat(outlineWidth) >= 2;
  };
  return controls().filter((node) => !node.matches(":disabled, audio, video, [inert] *")).filter((node) => !ringed(node)).map(called);
}

function sidewaysOverflow() {
  const width = document.documentElement.clientWidth;
  const inScroller = (node) => node.closest(".wide");
  const beyond = (node) => node.getBoundingClientRect().right > width + 1;
  const wide = [...document.querySelectorAll("body *")].filter((node) => shown(node) && beyond(node) && !inScroller(node));
  return document.documentElement.scrollWidth > width ? [`page ${document.documentElement.scrollWidth}`, ...wide.map(called)] : wide.map(called);
}
