/// Groups of contacts, also under their older name, audiences.
package ai.mailgoat.server.segment;
