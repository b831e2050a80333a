package kube

import (
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
)

func TestReadList(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		list   string
		items  []string
		fields []string
		fails  bool
	}{
		"Items":        {`{"kind":"List","items":[{"a":1},{"b":[{}]}],"metadata":{"continue":"x"}}`, []string{`{"a":1}`, `{"b":[{}]}`}, []string{`kind "List"`, `metadata {"continue":"x"}`}, false},
		"Spaces":       {" {\n \"items\" : [ { \"a\" : 1 } , {} ] , \"n\" : 12 }\n", []string{`{ "a" : 1 }`, `{}`}, []string{`n 12`}, false},
		"Empty":        {`{"items":[]}`, nil, nil, false},
		"Null":         {`{"items":null,"kind":"List"}`, nil, []string{`kind "List"`}, false},
		"NoItems":      {`{}`, nil, nil, false},
		"Brackets":     {`{"items":[{"a":"}]\"\\"},{"b":"[{"}]}`, []string{`{"a":"}]\"\\"}`, `{"b":"[{"}`}, nil, false},
		"Words":        {`{"a":true,"b":null,"c":-1.5e3}`, nil, []string{`a true`, `b null`, `c -1.5e3`}, false},
		"ItemsInItem":  {`{"items":[{"items":[{"a":1}]}]}`, []string{`{"items":[{"a":1}]}`}, nil, false},
		"EndsInList":   {`{"items":[{"a":1}`, []string{`{"a":1}`}, nil, true},
		"EndsInItem":   {`{"items":[{"a":1`, nil, nil, true},
		"EndsInName":   {`{"ite`, nil, nil, true},
		"NoColon":      {`{"items" [{"a":1}]}`, nil, nil, true},
		"NoObject":     {`[{"a":1}]`, nil, nil, true},
		"Page":         {`<html>`, nil, nil, true},
		"Nothing":      {``, nil, nil, true},
		"UnquotedName": {`{items:[]}`, nil, nil, true},
	} {
		var items, fields []string
		err := readList(iotest.OneByteReader(strings.NewReader(c.list)),
			func(item []byte) { items = append(items, string(item)) },
			func(name string, value []byte) { fields = append(fields, name+" "+string(value)) })
		if (err != nil) != c.fails {
			t.Errorf("%s: fails: %v, want %v", name, err, c.fails)
		}
		if diff := cmp.Diff(c.items, items); diff != "" {
			t.Errorf("%s: items (-want +got)\n%s", name, diff)
		}
		if diff := cmp.Diff(c.fields, fields); diff != "" {
			t.Errorf("%s: fields (-want +got)\n%s", name, diff)
		}
	}
}
