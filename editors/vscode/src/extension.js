// Starts `contractlang lsp` and hands everything over to it: the extension itself knows nothing of contracts.

const vscode = require("vscode");
const { LanguageClient } = require("vscode-languageclient/node");

let client;

function activate(context) {
  const command = vscode.workspace.getConfiguration("contractlang").get("command", "contractlang");
  client = new LanguageClient(
    "contractlang",
    "contractlang",
    { command, args: ["lsp"] },
    { documentSelector: [{ language: "contractlang" }] },
  );
  client.start().catch((fault) => {
    vscode.window.showErrorMessage(
      `contractlang could not be started as "${command} lsp". Install it with pip install 'contractlang[lsp]', ` +
        `or set contractlang.command. ${fault.message}`,
    );
  });
  context.subscriptions.push({ dispose: () => client.stop() });
}

function deactivate() {
  return client?.stop();
}

module.exports = { activate, deactivate };
