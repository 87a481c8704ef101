/** The parts of CodeMirror that the editor component uses; bundled into static/vendor/codemirror.js. */
export {
  Annotation,
  ChangeSet,
  Compartment,
  EditorSelection,
  EditorState,
  Facet,
  Prec,
  RangeSet,
  RangeSetBuilder,
  StateEffect,
  StateField,
  Text,
  Transaction,
} from "@codemirror/state";
export {
  Decoration,
  EditorView,
  GutterMarker,
  ViewPlugin,
  WidgetType,
  crosshairCursor,
  drawSelection,
  dropCursor,
  gutter,
  highlightActiveLine,
  highlightActiveLineGutter,
  highlightSpecialChars,
  highlightWhitespace,
  hoverTooltip,
  keymap,
  lineNumbers,
  panels,
  placeholder,
  rectangularSelection,
  scrollPastEnd,
  showPanel,
  showTooltip,
} from "@codemirror/view";
export {
  HighlightStyle,
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  foldKeymap,
  indentOnInput,
  indentUnit,
  syntaxHighlighting,
  syntaxTree,
} from "@codemirror/language";
export {
  defaultKeymap,
  history,
  historyField,
  historyKeymap,
  indentLess,
  indentMore,
  indentWithTab,
  redo,
  redoDepth,
  toggleComment,
  undo,
  undoDepth,
} from "@codemirror/commands";
export {
  closeSearchPanel,
  gotoLine,
  highlightSelectionMatches,
  openSearchPanel,
  search,
  searchKeymap,
} from "@codemirror/search";
export {
  autocompletion,
  closeBrackets,
  closeBracketsKeymap,
  completeAnyWord,
  completeFromList,
  completionKeymap,
  snippetCompletion,
  startCompletion,
} from "@codemirror/autocomplete";
export {
  closeLintPanel,
  diagnosticCount,
  forEachDiagnostic,
  lintGutter,
  lintKeymap,
  linter,
  nextDiagnostic,
  openLintPanel,
  setDiagnostics,
  setDiagnosticsEffect,
} from "@codemirror/lint";
export { cpp, cppLanguage } from "@codemirror/lang-cpp";
export { oneDark, oneDarkHighlightStyle, oneDarkTheme } from "@codemirror/theme-one-dark";
export { MergeView, goToNextChunk, goToPreviousChunk, unifiedMergeView } from "@codemirror/merge";
export { classHighlighter, styleTags, tags } from "@lezer/highlight";
