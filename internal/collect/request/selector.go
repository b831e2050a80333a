package request

import (
	"strconv"

	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/util/validation"
)

// HasLabel selects by one label. Label selectors know no escape, so a value that no label can have is quoted: it then stays
// one value, and is refused as such instead of becoming a further term.
func HasLabel(key, value string) string {
	if len(validation.IsValidLabelValue(value)) > 0 {
		value = strconv.Quote(value)
	}
	return key + "=" + value
}

// WarningsOf selects the Warning events about one object.
func WarningsOf(kind, name string) string {
	return "involvedObject.kind=" + fields.EscapeValue(kind) + ",involvedObject.name=" + fields.EscapeValue(name) + ",type=Warning"
}

// EventsOf selects the events about one object.
func EventsOf(kind, name string) string {
	return "involvedObject.kind=" + fields.EscapeValue(kind) + ",involvedObject.name=" + fields.EscapeValue(name)
}

// ByName selects one object by its name.
func ByName(name string) string { return "metadata.name=" + fields.EscapeValue(name) }
