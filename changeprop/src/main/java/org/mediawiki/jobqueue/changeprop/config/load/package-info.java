/**
 * From a YAML file to a {@link org.mediawiki.jobqueue.changeprop.config.Configuration}, or to the list of everything
 * that is wrong with it.
 *
 * <pre>
 *   text ─▶ YamlReader ─▶ Document ─▶ StructureCheck (JSON Schema) ─┬─▶ problems: Refused, with all of them
 *                                  └▶ ReferenceCheck, KafkaCheck,   │
 *                                     EndpointCheck, FileCheck      └─▶ none: Completion ─▶ records: Loaded
 * </pre>
 *
 * <p>Every check reads the same document and none stops the others, so that one run tells of every mistake. Bad input
 * is never an exception. Called by commands before anything starts, and by
 * {@link org.mediawiki.jobqueue.changeprop.config.load.WatchedFile} as long as the service runs, on threads that may block:
 * files are read.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.config.load;

import org.jspecify.annotations.NullMarked;
