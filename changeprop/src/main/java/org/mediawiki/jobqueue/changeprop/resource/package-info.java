/**
 * Files that are built into the jars: schemas, the description of the API, the console.
 *
 * <p>Used by whoever has such a file beside its classes. Blocks for as long as a jar is read.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.resource;

import org.jspecify.annotations.NullMarked;
