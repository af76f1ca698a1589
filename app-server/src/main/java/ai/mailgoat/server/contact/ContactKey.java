package ai.mailgoat.server.contact;

import ai.mailgoat.common.id.Uuids;
import ai.mailgoat.server.http.ApiException;
import java.util.UUID;

/// How a path names a contact.
sealed interface ContactKey {
    record Id(UUID id) implements ContactKey {}

    /// @param address folded
    record Address(String address) implements ContactKey {}

    /// @throws ApiException 422 when it is neither an id nor an e-mail address
    static ContactKey of(String text) {
        return text.indexOf('@') < 0
                ? new Id(Uuids.parse(text).orElseThrow(() -> ApiException.invalidId("id")))
                : new Address(ContactRules.address("id", text).folded());
    }
}
