package collect

import (
	"strconv"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/util/validation"
)

// hasLabel selects by one label. Label selectors know no escape, so a value that no label can have is quoted: it then stays
// one value, and is refused as such instead of becoming a further term.
func hasLabel(key, value string) string {
	if len(validation.IsValidLabelValue(value)) > 0 {
		value = strconv.Quote(value)
	}
	return key + "=" + value
}

// warningsOf selects the Warning events about one object.
func warningsOf(kind, name string) string {
	return "involvedObject.kind=" + fields.EscapeValue(kind) + ",involvedObject.name=" + fields.EscapeValue(name) + ",type=Warning"
}

// named selects one object by its name.
func byName(name string) string { return "metadata.name=" + fields.EscapeValue(name) }
