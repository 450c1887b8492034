package org.mediawiki.jobqueue.changeprop;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The shape of this module (SPEC section 9): who may know whom. */
class ArchitectureTest {

    private static final String ROOT = "org.mediawiki.jobqueue.changeprop.";
    private static final String RUNNER = "org.mediawiki.jobqueue.runner..";

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.mediawiki.jobqueue.changeprop");

    @Test
    void packagesHaveNoCycles() {
        slices().matching(ROOT + "(*)..").should().beFreeOfCycles().check(MAIN);
    }

    /** Package by package: which others of ours it may know, beside the runner. */
    @ParameterizedTest
    @CsvSource({
        "topic, topic",
        "resource, resource",
        "ledger, ledger",
        "config, config resource",
        "convert, config",
        "embedded, embedded",
        "event, topic",
        "assign, assign",
        "kafka, assign config",
        "offsets, kafka topic",
        "fleet, bulletin ledger",
        "consume, assign fleet kafka ledger offsets topic",
        "publish, topic kafka",
        "bulletin, kafka publish",
        "control, bulletin config",
        "schedule, config kafka publish topic",
        "intake, config event kafka publish resource topic",
        "metrics, consume dedupe intake ledger schedule topic",
        "dedupe, config event",
        "dispatch, consume dedupe event fleet ledger metrics publish schedule topic trace",
        "dead, event kafka publish topic",
        "audit, audit",
        "status, status",
        "trace, config",
        "admin, audit config control dead event resource schedule status",
    })
    void knowsOnlyWhatItNeeds(String name, String others) {
        List<String> known = new ArrayList<>(List.of(ROOT + name + "..", RUNNER));
        for (String other : others.split(" ", -1)) {
            known.add(ROOT + other + "..");
        }
        classes()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .onlyDependOnClassesThat(not(resideInAPackage("org.mediawiki.jobqueue.."))
                        .or(resideInAnyPackage(known.toArray(new String[0]))))
                .check(MAIN);
    }

    /** Or what is new would know whomever it likes. The composition root and the commands do. */
    @Test
    void everyPackageIsListed() throws NoSuchMethodException {
        CsvSource table = ArchitectureTest.class
                .getDeclaredMethod("knowsOnlyWhatItNeeds", String.class, String.class)
                .getAnnotation(CsvSource.class);
        Set<String> listed = Arrays.stream(Objects.requireNonNull(table).value())
                .map(line -> line.substring(0, line.indexOf(',')))
                .collect(Collectors.toSet());

        Set<String> packages = MAIN.stream()
                .map(JavaClass::getPackageName)
                .filter(name -> name.startsWith(ROOT))
                .map(name -> name.substring(ROOT.length()).split("\\.", -1)[0])
                .collect(Collectors.toSet());

        listed.addAll(Set.of("app", "cli"));
        assertThat(packages).containsExactlyInAnyOrderElementsOf(listed);
    }

    @Test
    void onlyTheCommandsKnowTheCompositionRoot() {
        noClasses()
                .that()
                .resideOutsideOfPackages(ROOT + "app..", ROOT + "cli..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage(ROOT + "app..")
                .check(MAIN);
    }

    /** What only computes knows no event loop; buffers are but bytes. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "topic",
                "ledger",
                "event",
                "config",
                "consume",
                "kafka",
                "metrics",
                "assign",
                "offsets",
                "bulletin",
                "control"
            })
    void isFreeOfTheEventLoop(String name) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + name + "..")
                .should()
                .dependOnClassesThat(
                        resideInAPackage("io.vertx..").and(not(resideInAPackage("io.vertx.core.buffer.."))))
                .check(MAIN);
    }

    /** Whoever decides is given records and offsets; only few speak to the brokers. */
    @ParameterizedTest
    @ValueSource(strings = {"topic", "ledger", "event", "config"})
    void isFreeOfKafkasClients(String name) {
        noClasses()
                .that()
                .resideInAPackage(ROOT + name)
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.apache.kafka..")
                .check(MAIN);
    }

    @Test
    void onlyTheEmbeddedBrokerNeedsKafkasServer() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "embedded..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage(
                        "kafka..",
                        "org.apache.kafka.server..",
                        "org.apache.kafka.metadata..",
                        "org.apache.kafka.raft..")
                .check(MAIN);
    }

    @Test
    void onlyTheRunnersOneClockTellsTheTime() {
        noClasses()
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(System.class, "nanoTime")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .callMethod(Clock.class, "systemUTC")
                .orShould()
                .callMethod(InstantSource.class, "system")
                .check(MAIN);
    }

    /**
     * Nor is a thread parked, but for two: the watch of the embedded broker, which is unparked when it closes, and whoever
     * has made a topic, who looks for its leaders for a second at most.
     */
    @Test
    void nobodySleeps() {
        noClasses()
                .that()
                .doNotHaveFullyQualifiedName(ROOT + "embedded.CoordinatorWatch")
                .and()
                .doNotHaveFullyQualifiedName(ROOT + "publish.OwnTopics")
                .should()
                .callMethod(LockSupport.class, "park")
                .orShould()
                .callMethod(LockSupport.class, "park", Object.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkNanos", Object.class, long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkUntil", long.class)
                .orShould()
                .callMethod(LockSupport.class, "parkUntil", Object.class, long.class)
                .check(MAIN);
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .check(MAIN);
    }

    @Test
    void onlyCommandsPrint() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + "cli..")
                .should()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(MAIN);
    }
}
