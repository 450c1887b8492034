/**
 * What MediaWiki's EventBus extension posts events to, in the place of an EventGate service (SPEC section 3, intake).
 *
 * <pre>
 *   Intake ── ReusePortTransport  where it listens, and how the next process takes over
 *     ├─ RenewedCertificate   has the port read its certificate anew
 *     ├─ Connections        closes those that ask for nothing
 *     └─ Post (one a request) ─ IntakeAccess   who may
 *          ├─ Head, Reply   what it says before its body, and what it is answered, once
 *          ├─ ByteBudget    how many bytes are in hand, and who waits for them to become fewer
 *          ├─ SlowBodyLimit          how slowly a body may come
 *          ├─ Batch         where in the body the events stand        ┐ pure
 *          ├─ Examination   EventOutline, EventRules: what is an      │
 *          │                event, where it goes, what is missing     ┘
 *          ├─ Store         Kafka, behind a port ({@link org.mediawiki.jobqueue.changeprop.intake.KafkaStore})
 *          └─ Settlement    Pending, Report: what became of each event, as an answer
 * </pre>
 *
 * <p>An event that is answered with 201 stands in Kafka, acknowledged by all in-sync replicas, as the very bytes in which
 * it came, unless fields of {@code meta} had to be filled in ({@link org.mediawiki.jobqueue.runner.FilledMeta}).
 *
 * <p>Opened and closed by the composition root. HTTP runs on one context, of a Vert.x of its own; bodies are examined and written on
 * worker threads, and what may have to wait for a new topic on one more.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.intake;

import org.jspecify.annotations.NullMarked;
