package resolve

import (
	"strings"
	"testing"
)

// TestManifests: a file comes from anywhere. What it names becomes part of requests.
func TestManifests(t *testing.T) {
	t.Parallel()
	pod := "apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: b}\n"
	for name, c := range map[string]struct {
		text, want string
		names      int
	}{
		"Two":          {pod + "---\n---\n" + pod, "", 2},
		"NoNamespace":  {"apiVersion: v1\nkind: Pod\nmetadata: {name: a}\n", "", 1},
		"JSON":         {`{"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "a"}}`, "", 1},
		"List":         {`{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}}, {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "b"}}]}`, "", 2},
		"Nothing":      {"# nothing\n", "no object", 0},
		"NoYAML":       {"a: [", "decode", 0},
		"Secret":       {"apiVersion: v1\nkind: Secret\nmetadata: {name: a}\n", `unknown kind "Secret"`, 0},
		"SecretInList": {`{"apiVersion": "v1", "kind": "List", "items": [{"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "a"}}]}`, `unknown kind "Secret"`, 0},
		"NoName":       {"apiVersion: v1\nkind: Pod\nmetadata: {generateName: a-}\n", "empty name", 0},
		"Path":         {"apiVersion: v1\nkind: Pod\nmetadata: {name: ../secrets/a}\n", "invalid name", 0},
		"Namespace":    {"apiVersion: v1\nkind: Pod\nmetadata: {name: a, namespace: ../x}\n", "invalid namespace", 0},
		"BadList":      {`{"apiVersion": "v1", "kind": "List", "items": ["a"]}`, "read list", 0},
		"NoObject":     {"- a\n", "decode", 0},
		"TooMany":      {strings.Repeat(pod+"---\n", maxObjects+1), "more than 100 objects", 0},
		"Most":         {strings.Repeat(pod+"---\n", maxObjects), "", maxObjects},
		"Aliases":      {"a: &a [x,x,x,x,x,x,x,x,x]\n" + aliases(), "decode", 0},
	} {
		got, err := Manifests(strings.NewReader(c.text))
		if len(got) != c.names || (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %d names, %v; want %d, %q", name, len(got), err, c.names, c.want)
		}
	}
}

// aliases are nine times as many at each line.
func aliases() string {
	var text strings.Builder
	for c := 'b'; c < 'k'; c++ {
		text.WriteString(string(c) + ": &" + string(c) + " [" + strings.TrimSuffix(strings.Repeat("*"+string(c-1)+",", 9), ",") + "]\n")
	}
	return text.String()
}
