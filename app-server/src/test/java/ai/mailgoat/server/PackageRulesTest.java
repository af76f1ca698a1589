package ai.mailgoat.server;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The walls of the house. The table of `docs/packages.md` is the rule, so that it cannot be wrong.
class PackageRulesTest {
    private static final Path TABLE = Path.of("../docs/packages.md");

    private static JavaClasses ours;

    @BeforeAll
    static void read() {
        ours =
                new ClassFileImporter()
                        .withImportOption(new ImportOption.DoNotIncludeTests())
                        .importPackages("ai.mailgoat");
    }

    @Test
    void packagesTouchOnlyWhatTheTableAllows() throws IOException {
        var allowed = table();
        var broken = new TreeSet<String>();
        for (var type : ours) {
            String from = feature(type);
            if (from.isEmpty()) {
                continue;
            }
            assertTrue(allowed.containsKey(from), () -> "docs/packages.md has no row for " + from);
            for (var dependency : type.getDirectDependenciesFromSelf()) {
                String to = feature(dependency.getTargetClass());
                if (!to.isEmpty() && !to.equals(from) && !allowed.get(from).contains(to)) {
                    broken.add(from + " -> " + to + ", in " + type.getSimpleName());
                }
            }
        }
        assertEquals(Set.of(), broken);
    }

    @Test
    void theTableHasNoRowsForPackagesThatAreNotThere() throws IOException {
        var there =
                ours.stream()
                        .map(PackageRulesTest::feature)
                        .filter(f -> !f.isEmpty())
                        .collect(Collectors.toSet());
        assertEquals(
                Set.of(),
                table().keySet().stream()
                        .filter(p -> !there.contains(p))
                        .collect(Collectors.toSet()));
    }

    @Test
    void packagesHaveNoCircles() {
        slices().matching("ai.mailgoat.server.(*)..").should().beFreeOfCycles().check(ours);
    }

    @Test
    void sqlStaysInStores() {
        noClasses()
                .that()
                .resideOutsideOfPackage("ai.mailgoat.server.store")
                .and()
                .haveSimpleNameNotEndingWith("Store")
                .and(
                        com.tngtech.archunit.base.DescribedPredicate.describe(
                                "are not part of a Store", c -> !c.getName().contains("Store$")))
                .should()
                .accessClassesThat()
                .haveFullyQualifiedName("java.sql.Connection")
                .orShould()
                .accessClassesThat()
                .haveFullyQualifiedName("java.sql.Statement")
                .because("a reader looks for SQL in one place of each feature")
                .check(ours);
    }

    @Test
    void onlyTheHttpPackageKnowsTheHttpServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage("ai.mailgoat.server.http")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.helidon..")
                .because("handlers can then be called without a socket")
                .check(ours);
    }

    @Test
    void onlyTheWaysOutOpenSockets() {
        noClasses()
                .that()
                .resideOutsideOfPackages(
                        "ai.mailgoat.server.delivery",
                        "ai.mailgoat.server.dns",
                        "ai.mailgoat.server.outbound",
                        "ai.mailgoat.server.bench",
                        "ai.mailgoat.server.cli..",
                        "ai.mailgoat.server.bench",
                        "ai.mailgoat.common.client")
                .should()
                .dependOnClassesThat()
                .haveFullyQualifiedName("java.net.Socket")
                .orShould()
                .dependOnClassesThat()
                .resideInAPackage("java.net.http")
                .because(
                        "what talks to strangers has deadlines and caps, and is guarded in one place")
                .check(ours);
    }

    @Test
    void onlyTheCommandLinePrints() {
        noClasses()
                .that()
                .resideOutsideOfPackage("ai.mailgoat.server.cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .because("a service logs")
                .check(ours);
    }

    @Test
    void protocolPackagesKnowNoDatabaseAndNoHttpServer() {
        noClasses()
                .that()
                .resideInAnyPackage(
                        "ai.mailgoat.server.smtp",
                        "ai.mailgoat.server.message",
                        "ai.mailgoat.server.dns",
                        "ai.mailgoat.server.dkim",
                        "ai.mailgoat.server.delivery")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "java.sql..",
                        "io.helidon..",
                        "ai.mailgoat.server.store",
                        "ai.mailgoat.server.http")
                .because("each is usable, testable and fuzzable alone")
                .check(ours);
    }

    @Test
    void storesAreNotPublic() {
        classes()
                .that()
                .haveSimpleNameEndingWith("Store")
                .and()
                .resideOutsideOfPackage("ai.mailgoat.server.store")
                .should()
                .notBePublic()
                .because("other features ask the feature, not its tables")
                .check(ours);
    }

    private static Map<String, Set<String>> table() throws IOException {
        String page = Files.readString(TABLE);
        String rows =
                page.substring(
                        page.indexOf("<!-- packages:begin -->"),
                        page.indexOf("<!-- packages:end -->"));
        var table = new HashMap<String, Set<String>>();
        rows.lines()
                .filter(line -> line.startsWith("| `"))
                .map(line -> line.split("\\|"))
                .forEach(cells ->
                        table.put(
                                plain(cells[1]),
                                Arrays.stream(cells[2].split(","))
                                        .map(PackageRulesTest::plain)
                                        .filter(s -> !s.isEmpty())
                                        .collect(Collectors.toSet())));
        return table;
    }

    private static String plain(String cell) {
        return cell.replace("`", "").strip();
    }

    /// `common.id` for what lies there, `store` for `ai.mailgoat.server.store`, empty for the root
    /// and for other people's.
    private static String feature(JavaClass type) {
        String name = type.getPackageName();
        if (name.startsWith("ai.mailgoat.common.")) {
            return name.substring("ai.mailgoat.".length());
        }
        return name.startsWith("ai.mailgoat.server.")
                ? name.substring("ai.mailgoat.server.".length()).split("\\.")[0]
                : "";
    }
}
