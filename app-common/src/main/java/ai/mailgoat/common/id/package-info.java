/// One record for each kind of id, so that a domain's id cannot be passed where an e-mail's is
/// wanted.
package ai.mailgoat.common.id;
