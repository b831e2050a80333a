package facts

import (
	"strconv"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/apimachinery/pkg/util/json"
)

// maxDepth is the number of levels that decode parses itself. It scans each level once more for each level above. Kubernetes'
// objects have about fifteen.
const maxDepth = 50

// decode parses valid JSON like Kubernetes' util/json in half the time: a fleet has tens of thousands of objects. Integers are
// int64.
func decode(value gjson.Result, depth int) any {
	switch value.Type {
	case gjson.Null:
		return nil
	case gjson.False, gjson.True:
		return value.Bool()
	case gjson.String:
		return strings.Clone(value.Str) // otherwise one retained field would retain the text of the whole object
	case gjson.Number:
		return number(value)
	case gjson.JSON:
	}
	switch {
	case depth == maxDepth:
		var deeper any
		_ = json.Unmarshal([]byte(value.Raw), &deeper)
		return deeper
	case value.IsArray():
		return items(value, depth)
	}
	fields := map[string]any{}
	value.ForEach(func(name, inner gjson.Result) bool {
		fields[name.Str] = decode(inner, depth+1)
		return true
	})
	return fields
}

func items(list gjson.Result, depth int) []any {
	items := []any{}
	list.ForEach(func(_, item gjson.Result) bool {
		items = append(items, decode(item, depth+1))
		return true
	})
	return items
}

func number(value gjson.Result) any {
	if whole, err := strconv.ParseInt(value.Raw, 10, 64); err == nil {
		return whole
	}
	return value.Num
}
