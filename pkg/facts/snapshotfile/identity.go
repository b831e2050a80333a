package snapshotfile

import (
	"encoding/json"
	"maps"
	"slices"
	"strconv"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// The identities of a document are on one line, so that grep finds them. Empty fields are omitted.

func refNode(r facts.Ref) *yaml.Node {
	return mappingNode(yaml.FlowStyle,
		field{"plane", optional(string(r.Plane))}, field{"group", optional(r.Group)}, field{"kind", optional(r.Kind)},
		field{"namespace", optional(r.Namespace)}, field{"name", optional(r.Name)},
	)
}

func queryNode(q facts.Query) *yaml.Node {
	return mappingNode(yaml.FlowStyle,
		field{"plane", optional(string(q.Plane))}, field{"group", optional(q.Group)}, field{"kind", optional(q.Kind)},
		field{"namespace", optional(q.Namespace)}, field{"labels", optional(q.Labels)}, field{"fields", optional(q.Fields)},
		field{"owner", optional(q.Owner)}, field{"names", optionalBool(q.Names)}, field{"limit", optionalInt(q.Limit)},
	)
}

func logQueryNode(q facts.LogQuery) *yaml.Node {
	return mappingNode(yaml.FlowStyle,
		field{"pod", refNode(q.Pod)}, field{"container", optional(q.Container)}, field{"previous", optionalBool(q.Previous)},
	)
}

func itemNode(item facts.Ref, q facts.Query) *yaml.Node {
	if short, ok := compactItem(item, q); ok {
		return textNode(short)
	}
	return refNode(item)
}

func subjectNode(s facts.Subject) *yaml.Node {
	return mappingNode(0,
		field{"namespace", optional(s.Namespace)}, field{"project", optional(s.Project)},
		field{"component", optional(s.Component)}, field{"environments", textsNode(s.Environments)},
		field{"object", optionalRef(s.Object)},
	)
}

func optionalRef(r facts.Ref) *yaml.Node {
	if r.IsZero() {
		return nil
	}
	return refNode(r)
}

// skewNode returns nil if no clock was compared.
func skewNode(skew facts.Skew) *yaml.Node {
	if len(skew) == 0 {
		return nil
	}
	var fields []field
	for _, plane := range slices.Sorted(maps.Keys(skew)) {
		fields = append(fields, field{string(plane), textNode(skew[plane].String())})
	}
	return mappingNode(0, fields...)
}

func readSkew(texts map[string]string) (facts.Skew, error) {
	var skew facts.Skew
	for plane, text := range texts {
		ahead, err := time.ParseDuration(text)
		if err != nil {
			return nil, err
		}
		if skew == nil {
			skew = facts.Skew{}
		}
		skew[facts.Plane(plane)] = ahead
	}
	return skew, nil
}

// wantedNode returns nil if no revision is wanted.
func wantedNode(r facts.Revision) *yaml.Node {
	n := mappingNode(0,
		field{"text", optional(r.Text)}, field{"commit", optional(r.Commit)}, field{"from", optional(string(r.From))},
		field{"reason", optional(r.Reason)}, field{"subject", optional(r.Subject)}, field{"author", optional(r.Author)},
		field{"urls", textsNode(r.URLs)}, field{"time", optionalTime(r.Time)}, field{"unpushed", unpushedNode(r.Unpushed)},
		field{"contains", containsNode(r.Contains)},
	)
	if len(n.Content) == 0 {
		return nil
	}
	return n
}

func unpushedNode(n int) *yaml.Node {
	if n == 0 {
		return nil
	}
	return &yaml.Node{Kind: yaml.ScalarNode, Tag: "!!int", Value: strconv.Itoa(n)}
}

// changesNode returns nil if there are no changes.
func changesNode(changes []facts.Change) *yaml.Node {
	if len(changes) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.SequenceNode, Tag: "!!seq"}
	for _, c := range changes {
		n.Content = append(n.Content, changeNode(c))
	}
	return n
}

func changeNode(c facts.Change) *yaml.Node {
	var object *yaml.Node
	if !c.Object.IsZero() {
		object = refNode(c.Object)
	}
	return mappingNode(0,
		field{"applier", refNode(c.Applier)}, field{"object", object}, field{"file", optional(c.File)},
		field{"commit", optional(c.Commit)}, field{"subject", optional(c.Subject)}, field{"author", optional(c.Author)},
		field{"when", optionalTime(c.When)},
	)
}

// pastNode returns nil if no clone was read. Its texts are plain, so every Past has a form.
func pastNode(p facts.Past) *yaml.Node {
	data, err := json.Marshal(p)
	if err != nil || string(data) == "{}" {
		return nil
	}
	var fields map[string]any
	if err := json.Unmarshal(data, &fields); err != nil {
		return nil
	}
	n, err := node(integers(fields))
	if err != nil {
		return nil
	}
	return n
}

// integers converts the numbers of JSON, which are all counts here, to those of objects.
func integers(value any) any {
	switch v := value.(type) {
	case float64:
		return int64(v)
	case []any:
		for i := range v {
			v[i] = integers(v[i])
		}
	case map[string]any:
		for key := range v {
			v[key] = integers(v[key])
		}
	}
	return value
}

func containsNode(contains map[string]bool) *yaml.Node {
	if len(contains) == 0 {
		return nil
	}
	n := &yaml.Node{Kind: yaml.MappingNode, Tag: "!!map"}
	for _, commit := range slices.Sorted(maps.Keys(contains)) {
		n.Content = append(n.Content, textNode(commit),
			&yaml.Node{Kind: yaml.ScalarNode, Tag: "!!bool", Value: strconv.FormatBool(contains[commit])})
	}
	return n
}
