;;; contractlang-mode.el --- Contracts: colours and the language server -*- lexical-binding: t -*-

;; In your init file:
;;
;;   (add-to-list 'load-path "/path/to/editors/emacs")
;;   (require 'contractlang-mode)
;;   (add-hook 'contractlang-mode-hook #'eglot-ensure)      ; Emacs 29, or the package eglot

;;; Code:

(require 'contractlang-keywords)

(defvar contractlang-mode-syntax-table
  (let ((table (make-syntax-table)))
    (modify-syntax-entry ?# "<" table)
    (modify-syntax-entry ?\n ">" table)
    (modify-syntax-entry ?\" "\"" table)
    (modify-syntax-entry ?_ "w" table)
    table)
  "The characters of contracts.")

(defun contractlang--words (words)
  "A regular expression that matches WORDS, with any blanks inside them."
  (concat "\\<\\(?:"
          (mapconcat (lambda (one) (replace-regexp-in-string " " "[ \t\n]+" (regexp-quote one))) words "\\|")
          "\\)\\>"))

(defvar contractlang-font-lock-keywords
  `((,(contractlang--words contractlang-declarations) . font-lock-type-face)
    (,(contractlang--words contractlang-keywords) . font-lock-keyword-face)
    ("\\<[0-9][0-9 _]*\\(?:\\.[0-9]+\\)? ?%?" . font-lock-constant-face)
    ("\\<[A-Z]\\{3\\}\\(?:/\\w+\\)*\\>" . font-lock-builtin-face))
  "The colours of contracts.")

;;;###autoload
(define-derived-mode contractlang-mode prog-mode "Contract"
  "The mode for contracts."
  (setq-local comment-start "# ")
  (setq-local indent-tabs-mode nil)
  (setq-local tab-width 2)
  (setq-local font-lock-defaults '(contractlang-font-lock-keywords)))

;;;###autoload
(add-to-list 'auto-mode-alist '("\\.contract\\'" . contractlang-mode))

(with-eval-after-load 'eglot
  (add-to-list 'eglot-server-programs '(contractlang-mode . ("contractlang" "lsp"))))

(provide 'contractlang-mode)
;;; contractlang-mode.el ends here
