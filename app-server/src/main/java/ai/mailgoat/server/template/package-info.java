/// Templates: kept, published in versions, filled with variables.
package ai.mailgoat.server.template;
