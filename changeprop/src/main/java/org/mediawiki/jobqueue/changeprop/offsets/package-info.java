/**
 * Committed offsets on their way between groups: from and to those of the legacy service, and between lanes.
 *
 * <p>What is copied where is pure ({@link org.mediawiki.jobqueue.changeprop.offsets.LegacyGroups},
 * {@link org.mediawiki.jobqueue.changeprop.offsets.Transfer}); {@link
 * org.mediawiki.jobqueue.changeprop.offsets.GroupOffsets} asks and tells the brokers, which blocks. Used by commands, by
 * poll threads before they begin, and by {@link org.mediawiki.jobqueue.changeprop.offsets.LegacyMirror}'s own thread.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.offsets;

import org.jspecify.annotations.NullMarked;
