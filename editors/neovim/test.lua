-- Drives a real Neovim: diagnostics, hover, completion, definition, formatting. Run by tests/test_editors.py.

local folder = os.getenv('CONTRACT_EDITORS')
vim.opt.runtimepath:append(folder .. '/vim')
vim.opt.swapfile = false
vim.cmd('syntax on')
dofile(folder .. '/neovim/contractlang.lua').setup()

local function finish(message, code)
  io.stdout:write(message .. '\n')
  vim.cmd(code == 0 and 'qall!' or 'cquit!')
end

local function check(condition, message)
  if not condition then
    finish('failed: ' .. message, 1)
  end
end

local function request(method, line, words)
  local text = vim.api.nvim_buf_get_lines(0, line, line + 1, false)[1]
  local params = vim.lsp.util.make_text_document_params()
  local at = { line = line, character = words and (text:find(words, 1, true) - 1) or 0 }
  local found = vim.lsp.buf_request_sync(0, method, { textDocument = params, position = at,
    options = { tabSize = 2, insertSpaces = true } }, 20000)
  for _, one in pairs(found or {}) do
    return one.result
  end
end

local function line_with(words)
  for number, text in ipairs(vim.api.nvim_buf_get_lines(0, 0, -1, false)) do
    if text:find(words, 1, true) then
      return number - 1
    end
  end
end

local ok, fault = pcall(function()
  vim.cmd('edit ' .. os.getenv('CONTRACT_FILE'))
  check(vim.bo.filetype == 'contractlang', 'the file type is ' .. vim.bo.filetype)
  check(vim.wait(30000, function() return #vim.diagnostic.get(0) > 0 end), 'no diagnostics came')

  local line = line_with('handled at graduated')
  check(request('textDocument/hover', line, 'handled at').contents.value:find('in calls', 1, true), 'hover')
  check(request('textDocument/definition', line, 'handled at')[1].range.start.line == line_with('measure handled'),
    'definition')
  local labels = {}
  for _, one in ipairs(request('textDocument/completion', line, 'handled at')) do
    labels[one.label] = true
  end
  check(labels['handled'] and labels['hourly'], 'completion')

  local old = vim.api.nvim_buf_get_lines(0, line, line + 1, false)[1]
  vim.api.nvim_buf_set_lines(0, line, line + 1, false, { (old:gsub('handled at', 'handeled   at')) })
  check(vim.wait(30000, function()
    for _, one in ipairs(vim.diagnostic.get(0)) do
      if one.message:find('the nearest is "handled"', 1, true) and one.lnum == line then
        return true
      end
    end
  end), 'a mistake is not said')
  local edits = request('textDocument/formatting', line)
  check(edits[1] and edits[1].newText:find('handeled at', 1, true), 'formatting')

  local group = vim.fn.synIDattr(vim.fn.synID(line_with('measure handled') + 1, 1, 1), 'name')
  check(group == 'contractDeclaration', 'colours: ' .. group)
end)
finish(ok and 'all good' or ('failed: ' .. tostring(fault)), ok and 0 or 1)
