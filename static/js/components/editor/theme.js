/** The editor's looks. Colours are the page's tokens, so light and dark follow by themselves. */

import { EditorView, classHighlighter, syntaxHighlighting } from "../../../vendor/codemirror.js";

const theme = EditorView.theme({
  "&": { height: "100%", color: "var(--ink)", backgroundColor: "var(--code-paper)", fontSize: "var(--code-size)" },
  "&.cm-focused": { outline: "none" },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "1.65", overflow: "auto" },
  // More room below the last line would let a text that fits be scrolled out of sight.
  ".cm-content": { padding: "0.75rem 0 3rem", caretColor: "var(--accent)" },
  ".cm-line": { padding: "0 1rem 0 0.5rem" },
  ".cm-cursor, .cm-dropCursor": { borderLeft: "2px solid var(--accent)" },
  "&.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground, .cm-selectionBackground, .cm-content ::selection":
    { backgroundColor: "var(--code-selection)" },
  ".cm-gutters": { backgroundColor: "var(--code-paper)", color: "var(--ink-quiet)", border: "none", paddingLeft: "0.25rem" },
  ".cm-lineNumbers .cm-gutterElement": { minWidth: "2.25rem", padding: "0 0.5rem 0 0.25rem" },
  ".cm-activeLine": { backgroundColor: "var(--code-line)" },
  ".cm-activeLineGutter": { backgroundColor: "var(--code-line)", color: "var(--ink)" },
  "&.cm-focused .cm-matchingBracket": { backgroundColor: "var(--code-match)", outline: "1px solid var(--line-strong)" },
  "&.cm-focused .cm-nonmatchingBracket": { backgroundColor: "var(--bad-paper)" },
  ".cm-searchMatch": { backgroundColor: "var(--code-found)" },
  ".cm-searchMatch-selected": { backgroundColor: "var(--code-found-now)" },
  ".cm-selectionMatch": { backgroundColor: "var(--code-match)" },
  ".cm-foldGutter .cm-gutterElement": { cursor: "pointer" },
  ".cm-foldPlaceholder": { backgroundColor: "var(--paper-sunk)", border: "1px solid var(--line)", color: "var(--ink-soft)" },
});

// The library's pictures are data: URLs, which the page's policy does not load; these are plain CSS.
const marks = EditorView.theme({
  ".cm-gutter-lint": { width: "0.9rem" },
  ".cm-gutter-lint .cm-gutterElement": { padding: "0", display: "flex", alignItems: "center", justifyContent: "center" },
  ".cm-lint-marker": { width: "0.55rem", height: "0.55rem", borderRadius: "50%", content: "none" },
  ".cm-lint-marker-error": { content: "normal", backgroundColor: "var(--bad)" },
  ".cm-lint-marker-warning": { content: "normal", backgroundColor: "var(--warn)", borderRadius: "1px" },
  ".cm-lint-marker-info": { content: "normal", backgroundColor: "var(--accent)" },
  ".cm-lintRange": { backgroundImage: "none", textDecoration: "underline wavy 1px", textUnderlineOffset: "3px" },
  ".cm-lintRange-error": { backgroundImage: "none", textDecorationColor: "var(--bad)" },
  ".cm-lintRange-warning": { backgroundImage: "none", textDecorationColor: "var(--warn)" },
  ".cm-lintRange-info": { backgroundImage: "none", textDecorationColor: "var(--accent)" },
  ".cm-diagnostic": { padding: "0.375rem 0.75rem", borderLeft: "3px solid var(--line-strong)" },
  ".cm-diagnostic-error": { borderLeftColor: "var(--bad)" },
  ".cm-diagnostic-warning": { borderLeftColor: "var(--warn)" },
});

const panels = EditorView.theme({
  ".cm-tooltip": {
    backgroundColor: "var(--paper-raised)", color: "var(--ink)", border: "1px solid var(--line)",
    borderRadius: "var(--radius-s)", boxShadow: "var(--shadow)", overflow: "hidden", fontFamily: "var(--font-text)",
  },
  ".cm-tooltip.cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)" },
  ".cm-tooltip-autocomplete ul li[aria-selected]": { backgroundColor: "var(--accent)", color: "var(--on-accent)" },
  ".cm-panels": { backgroundColor: "var(--paper-sunk)", color: "var(--ink)" },
  ".cm-panels.cm-panels-top": { borderBottom: "1px solid var(--line)" },
  ".cm-panels.cm-panels-bottom": { borderTop: "1px solid var(--line)" },
  ".cm-panel.cm-search": { padding: "0.5rem 2rem 0.5rem 0.75rem", fontFamily: "var(--font-text)" },
  ".cm-panel.cm-search label": { fontSize: "0.8125rem" },
  ".cm-panel.cm-search [name=close]": { fontSize: "1.25rem", right: "0.5rem", color: "var(--ink)" },
  ".cm-textfield": {
    backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-s)", padding: "0.25rem 0.5rem", fontSize: "0.875rem",
  },
  ".cm-button": {
    background: "none", backgroundColor: "var(--paper)", color: "var(--ink)", border: "1px solid var(--line-strong)",
    borderRadius: "var(--radius-s)", padding: "0.25rem 0.625rem", fontSize: "0.8125rem",
  },
});

const merge = EditorView.theme({
  ".cm-changedLine": { backgroundColor: "var(--code-changed)" },
  ".cm-deletedChunk": { backgroundColor: "var(--bad-paper)" },
  "&.cm-merge-a .cm-changedText, &.cm-merge-b .cm-changedText": { background: "var(--code-changed-text)" },
  ".cm-chunkButtons": { insetInlineEnd: "0.25rem" },
  ".cm-chunkButtons button": {
    minWidth: "2.25rem", padding: "0.125rem 0.5rem", border: "1px solid var(--line-strong)", borderRadius: "var(--radius-s)",
    background: "var(--paper-raised)", color: "var(--accent)", fontWeight: "600",
  },
  ".cm-collapsedLines": { background: "var(--paper-sunk)", color: "var(--ink-soft)" },
  ".cm-collapsedLines:before, .cm-collapsedLines:after": { content: "none" },
});

export const editorTheme = [theme, marks, panels, merge, syntaxHighlighting(classHighlighter)];

/** The style elements that CodeMirror adds carry the page's nonce. */
export function styleNonce() {
  const nonce = document.querySelector("meta[name=csp-nonce]")?.getAttribute("content") ?? "";
  return EditorView.cspNonce.of(nonce);
}
