package index

import "regexp"

// examples matches files in folders that are not applied as a whole: each may be an alternative to the others.
var examples = regexp.MustCompile(`(^|/)(examples?|samples?|docs?|tests?|e2e)/`)

// IsExample reports whether a file is in a folder of examples, documentation or tests.
func IsExample(file string) bool { return examples.MatchString(file) }
