/// Links under which one mail, sent or received, can be read by whoever has the link.
package ai.mailgoat.server.share;
