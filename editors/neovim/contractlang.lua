-- contractlang in Neovim, from 0.7 on. In init.lua:
--
--   vim.opt.runtimepath:append('/path/to/editors/vim')      -- colours and the file type
--   dofile('/path/to/editors/neovim/contractlang.lua').setup()
--
-- `setup({cmd = {'/path/to/contractlang', 'lsp'}, on_attach = function(client, buffer) … end})` changes either.

local M = {}

local clients = {}

local function root_of(file)
  local marker = vim.fn.finddir('.git', vim.fn.fnamemodify(file, ':p:h') .. ';')
  if marker ~= '' then
    return vim.fn.fnamemodify(marker, ':p:h:h')
  end
  return vim.fn.fnamemodify(file, ':p:h')
end

local function keys(client, buffer)
  local function map(key, call)
    vim.keymap.set('n', key, call, { buffer = buffer, silent = true })
  end
  map('K', vim.lsp.buf.hover)
  map('gd', vim.lsp.buf.definition)
  map('gr', vim.lsp.buf.references)
  map('<leader>rn', vim.lsp.buf.rename)
  map('<leader>ca', vim.lsp.buf.code_action)
  vim.bo[buffer].omnifunc = 'v:lua.vim.lsp.omnifunc'
end

function M.attach(buffer, options)
  local root = root_of(vim.api.nvim_buf_get_name(buffer))
  local config = {
    name = 'contractlang',
    cmd = options.cmd or { 'contractlang', 'lsp' },
    root_dir = root,
    workspace_folders = { { uri = vim.uri_from_fname(root), name = root } },
    on_attach = options.on_attach or keys,
  }
  if vim.lsp.start then
    -- From 0.8 on Neovim itself keeps one client for each project.
    return vim.lsp.start(config, { bufnr = buffer })
  end
  clients[root] = clients[root] or vim.lsp.start_client(config)
  if clients[root] then
    vim.lsp.buf_attach_client(buffer, clients[root])
  end
  return clients[root]
end

function M.setup(options)
  options = options or {}
  vim.api.nvim_create_autocmd({ 'BufRead', 'BufNewFile' }, {
    pattern = '*.contract',
    callback = function(event)
      vim.bo[event.buf].filetype = 'contractlang'
      vim.bo[event.buf].commentstring = '# %s'
      vim.bo[event.buf].shiftwidth = 2
      vim.bo[event.buf].expandtab = true
      M.attach(event.buf, options)
    end,
  })
end

return M
