package org.mediawiki.jobqueue.runner;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/** The shape of this module (SPEC section 9). */
class ArchitectureTest {

    private static final JavaClasses MAIN = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.mediawiki.jobqueue.runner");

    @Test
    void knowsNeitherKafkaNorTheQueue() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.apache.kafka..", "org.mediawiki.jobqueue.changeprop..")
                .check(MAIN);
    }

    @Test
    void theVocabularyKnowsNoMachinery() {
        noClasses()
                .that()
                .resideInAPackage("org.mediawiki.jobqueue.runner")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.mediawiki.jobqueue.runner.*..")
                .check(MAIN);
    }

    @Test
    void theMachinesDoNotKnowEachOtherButTheLaneKnowsItsBreakers() {
        slices().matching("org.mediawiki.jobqueue.runner.(*)..")
                .should()
                .notDependOnEachOther()
                .ignoreDependency(
                        resideInAPackage("org.mediawiki.jobqueue.runner.lane"),
                        resideInAPackage("org.mediawiki.jobqueue.runner.breaker"))
                .check(MAIN);
    }

    /** A verdict is a function of the attempt and the time that it is given. */
    @Test
    void judgingIsPure() {
        noClasses()
                .that()
                .resideInAPackage("..verdict..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("io.vertx..", "java.net..", "java.nio..", "java.util.concurrent..")
                .check(MAIN);
    }

    @Test
    void onlyTheOneClockTellsTheTime() {
        noClasses()
                .that()
                .areNotAssignableTo(Time.class)
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

    @Test
    void nobodySleepsOrPrints() {
        noClasses()
                .should()
                .callMethod(Thread.class, "sleep", long.class)
                .orShould()
                .callMethod(Thread.class, "sleep", long.class, int.class)
                .orShould()
                .callMethod(TimeUnit.class, "sleep", long.class)
                .orShould()
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
                .orShould()
                .accessField(System.class, "out")
                .orShould()
                .accessField(System.class, "err")
                .check(MAIN);
    }
}
