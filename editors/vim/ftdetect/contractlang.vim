autocmd BufRead,BufNewFile *.contract setfiletype contractlang
