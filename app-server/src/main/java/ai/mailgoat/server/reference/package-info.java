/// The description of the API: one OpenAPI document, and the page that is drawn from it.
package ai.mailgoat.server.reference;
