package drift

import (
	"regexp"
	"strconv"
)

// Steps are the names and indexes in the path of a field.
func Steps(path string) []string { return regexp.MustCompile(`[^.\[\]]+`).FindAllString(path, -1) }

// At returns the value of a field such as spec.env[0].value; nil for none.
func At(value any, path string) any {
	for _, s := range Steps(path) {
		switch v := value.(type) {
		case map[string]any:
			value = v[s]
		case []any:
			i, err := strconv.Atoi(s)
			if err != nil || i < 0 || i >= len(v) {
				return nil
			}
			value = v[i]
		default:
			return nil
		}
	}
	return value
}
