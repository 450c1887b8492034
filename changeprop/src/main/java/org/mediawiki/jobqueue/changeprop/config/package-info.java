/**
 * The configuration as values: one record per map of the YAML file (SPEC section 6), and
 * {@link org.mediawiki.jobqueue.changeprop.config.EffectiveConfig}, which answers what is in force for one job type.
 *
 * <p>The records are the only definition. Each component carries a {@link org.mediawiki.jobqueue.changeprop.config.Setting}:
 * what it means, its unit, default and range. From these {@code config/schema.json} is generated, which validates the
 * file, serves editors, and fills in the defaults; so a record that was loaded is complete, and what is
 * {@code @Nullable} has no default because "absent" means something.
 *
 * <p>Everything is immutable with value equality, so that two can be compared. Called by everybody, on any
 * thread. Only {@code load} reads files.
 */
@NullMarked
package org.mediawiki.jobqueue.changeprop.config;

import org.jspecify.annotations.NullMarked;
