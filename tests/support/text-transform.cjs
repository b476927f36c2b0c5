// For jest: an import `with { type: 'text' }`, as the bundler makes it.

module.exports = {
  process: (text) => ({ code: `exports.__esModule = true; exports.default = ${JSON.stringify(text)};` }),
};
