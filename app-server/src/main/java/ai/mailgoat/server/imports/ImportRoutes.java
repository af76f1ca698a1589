package ai.mailgoat.server.imports;

import ai.mailgoat.server.http.Answer;
import ai.mailgoat.server.http.Call;
import ai.mailgoat.server.http.Endpoints;
import ai.mailgoat.server.http.Endpoints.Access;
import ai.mailgoat.server.imports.ContactImport.Status;

/// `/contacts/imports`.
public final class ImportRoutes {
    private static final String OBJECT = "contact_import";
    private static final long MAX_FILE = 200L << 20;

    /// For the fields and the heads of the parts.
    private static final long BESIDE_IT = 1 << 20;

    private final Imports imports;

    public ImportRoutes(Imports imports) {
        this.imports = imports;
    }

    public void register(Endpoints endpoints) {
        endpoints
                .upload("/contacts/imports", Access.FULL, MAX_FILE + BESIDE_IT, this::create)
                .get("/contacts/imports", Access.FULL, this::list)
                .get("/contacts/imports/{id}", Access.FULL, this::get);
    }

    private Answer create(Call call) {
        return Answer.made(
                OBJECT, imports.create(call.principal().team(), taker -> call.form("file", taker)));
    }

    private Answer list(Call call) {
        var page = call.page();
        var status = call.query("status", Status.class).orElse(null);
        var found = imports.list(call.principal().team(), status, page);
        return Answer.ok(page.list(found.stream().map(ImportBody::of).toList()));
    }

    private Answer get(Call call) {
        return Answer.ok(ImportBody.whole(imports.get(call.principal().team(), call.uuid("id"))));
    }
}
