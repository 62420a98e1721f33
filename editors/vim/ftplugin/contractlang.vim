" Settings of contract files; with vim-lsp, the language server too.
if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:##,:# expandtab shiftwidth=2 softtabstop=2
if executable('contractlang')
  setlocal formatprg=contractlang\ fmt\ -
endif

if exists('*lsp#register_server') && executable('contractlang') && !exists('g:contractlang_registered')
  let g:contractlang_registered = 1
  call lsp#register_server({
        \ 'name': 'contractlang',
        \ 'cmd': ['contractlang', 'lsp'],
        \ 'allowlist': ['contractlang'],
        \ })
endif

let b:undo_ftplugin = 'setlocal commentstring< comments< expandtab< shiftwidth< softtabstop< formatprg<'
