/** What the editor can do: the extensions that each file's state is made of. */

import {
  Compartment, EditorState, EditorView, autocompletion, bracketMatching, closeBrackets, closeBracketsKeymap, completeAnyWord,
  completeFromList, completionKeymap, cpp, cppLanguage, defaultKeymap, drawSelection, dropCursor, foldGutter,
  foldKeymap, highlightActiveLine, highlightActiveLineGutter, highlightSelectionMatches, highlightSpecialChars,
  history, historyKeymap, indentOnInput, indentUnit, indentWithTab, keymap, lineNumbers, lintGutter, lintKeymap,
  rectangularSelection, search, searchKeymap,
} from "../../../vendor/codemirror.js";
import { editorTheme, styleNonce } from "./theme.js";

const ARDUINO_WORDS = [
  "analogRead", "analogWrite", "attachInterrupt", "boolean", "byte", "constrain", "delay", "delayMicroseconds",
  "detachInterrupt", "digitalRead", "digitalWrite", "digitalPinToInterrupt", "HIGH", "INPUT", "INPUT_PULLUP",
  "LED_BUILTIN", "loop", "LOW", "map", "micros", "millis", "noTone", "OUTPUT", "pinMode", "pulseIn", "random",
  "randomSeed", "Serial", "setup", "String", "tone", "WiFi",
].map((label) => ({ label }));

const arduinoWords = cppLanguage.data.of({ autocomplete: completeFromList(ARDUINO_WORDS) });
const wordsOfFile = cppLanguage.data.of({ autocomplete: completeAnyWord });

/**
 * Replaces a selection by what is typed. Left to itself, a browser would keep the colour of the old text in a
 * style attribute, which the page's policy refuses.
 */
const replaceSelection = EditorView.domEventHandlers({
  beforeinput(event, view) {
    const { main } = view.state.selection;
    const text = event.data;
    if (event.inputType !== "insertText" || event.isComposing || !text || main.empty) return false;
    const change = () => view.state.update(view.state.replaceSelection(text), { userEvent: "input.type", scrollIntoView: true });
    const handlers = view.state.facet(EditorView.inputHandler);
    if (!handlers.some((handle) => handle(view, main.from, main.to, text, change))) view.dispatch(change());
    return true;
  },
});

const typing = [
  replaceSelection, history(), indentOnInput(), indentUnit.of("  "), bracketMatching(), closeBrackets(), autocompletion(), dropCursor(),
  EditorState.allowMultipleSelections.of(true), rectangularSelection(), EditorState.tabSize.of(2),
];
const looks = [
  lineNumbers(), foldGutter(), highlightSpecialChars(), drawSelection(), highlightActiveLine(),
  highlightActiveLineGutter(), highlightSelectionMatches(), lintGutter(), search({ top: true }),
];
const keys = keymap.of([
  ...closeBracketsKeymap, ...defaultKeymap, ...searchKeymap, ...historyKeymap, ...foldKeymap, ...completionKeymap,
  ...lintKeymap, indentWithTab,
]);

/** @param {string} path */
function languageOf(path) {
  return /\.(txt|md)$/i.test(path) ? [] : [cpp(), arduinoWords, wordsOfFile];
}

const named = new Compartment();

/** @param {string} path */
function ofPath(path) {
  const label = { "aria-label": `Source of ${path}`, tabindex: "0", spellcheck: "false", autocapitalize: "off" };
  return [languageOf(path), EditorView.contentAttributes.of(label)];
}

/**
 * Everything for one file that a person edits.
 * @param {string} path
 */
export function editingParts(path) {
  return [styleNonce(), typing, looks, keys, named.of(ofPath(path)), editorTheme];
}

/**
 * The effect that a file's new name has.
 * @param {string} path
 */
export function partsOfPath(path) {
  return named.reconfigure(ofPath(path));
}

/**
 * What one side of a comparison needs.
 * @param {string} label
 * @param {boolean} isEditable
 */
export function comparingParts(label, isEditable) {
  return [
    styleNonce(), history(), lineNumbers(), drawSelection(), keymap.of([...defaultKeymap, ...historyKeymap]), cpp(), editorTheme,
    EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
    isEditable ? [] : [EditorState.readOnly.of(true), EditorView.editable.of(false)],
  ];
}
