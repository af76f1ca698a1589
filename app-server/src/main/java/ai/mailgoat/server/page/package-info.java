/// The pages people see: one layout and one style sheet for all of them, each team's own look, and
/// their texts in several languages. Nothing here runs in the browser.
package ai.mailgoat.server.page;
