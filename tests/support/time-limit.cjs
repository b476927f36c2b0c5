/* global jest */
// A test that starts processes has as long as a machine full of other work needs.
jest.setTimeout(30_000);
