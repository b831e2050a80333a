package openchoreoapi

import (
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/tidwall/gjson"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	// maxTree bounds the body of a tree: some hundred objects of 20 KB.
	maxTree = 32 << 20
	// maxNodes bounds the objects of one RenderedRelease.
	maxNodes = 5_000
)

// tree is the answer for one ReleaseBinding: the objects of each of its RenderedReleases for the data plane, by name.
type tree map[string]branch

// branch has the objects of one RenderedRelease. An object that the API could not read is missing, without a word of the reason.
type branch struct {
	nodes  []node
	status []reported // of the RenderedRelease that the API has read
	json   string     // of that RenderedRelease
}

// node is an object on the plane. Its plane is set by the caller.
type node struct {
	ref     facts.Ref
	version string // of its API
	json    string
}

func (n node) object(plane facts.Plane) facts.Object {
	ref := n.ref
	ref.Plane = plane
	return facts.Encode(ref, "", n.json).Object()
}

// readTree reads a K8sResourceTreeResponse (openchoreo v1.2.3 openapi/openchoreo-api.yaml).
func readTree(r io.Reader) (tree, error) {
	text, err := readJSON(r)
	if err != nil {
		return nil, err
	}
	all := gjson.Get(text, "renderedReleases")
	if !all.IsArray() {
		return nil, errors.New("it has no renderedReleases")
	}
	t := tree{}
	for _, one := range all.Array() {
		if target := one.Get("targetPlane").Str; target != "" && target != "dataplane" {
			continue
		}
		nodes := one.Get("nodes").Array()
		if len(nodes) > maxNodes {
			return nil, fmt.Errorf("it has more than %d objects", maxNodes)
		}
		b := branch{status: statusOf(one.Get("renderedRelease")), json: strings.Clone(one.Get("renderedRelease").Raw)}
		for _, item := range nodes {
			if n, ok := readNode(item); ok {
				b.nodes = append(b.nodes, n)
			}
		}
		t[strings.Clone(one.Get("name").Str)] = b
	}
	return t, nil
}

func statusOf(rendered gjson.Result) []reported {
	var all []reported
	for _, entry := range rendered.Get("status.resources").Array() {
		field := func(name string) string { return strings.Clone(entry.Get(name).Str) }
		all = append(all, reported{field("group"), field("kind"), field("namespace"), field("name")})
	}
	return all
}

// readNode accepts an object of a kind that this program reads, never a Secret, whose own identity is that of its node. Another one is
// left out, as if the API had not read it.
func readNode(item gjson.Result) (node, bool) {
	object := item.Get("object")
	n := node{
		ref: facts.Ref{
			Group: strings.Clone(item.Get("group").Str), Kind: strings.Clone(item.Get("kind").Str),
			Namespace: strings.Clone(item.Get("namespace").Str), Name: strings.Clone(item.Get("name").Str),
		},
		version: strings.Clone(item.Get("version").Str),
	}
	kind, known := kinds.Lookup(n.ref.Group, n.ref.Kind)
	apiVersion := strings.TrimPrefix(n.ref.Group+"/"+n.version, "/")
	switch {
	case !known || kind.Kind == "Secret" || !object.IsObject() || reference.Object(n.ref) != nil:
		return node{}, false
	case object.Get("kind").Str != n.ref.Kind || object.Get("apiVersion").Str != apiVersion:
		return node{}, false
	case object.Get("metadata.name").Str != n.ref.Name || object.Get("metadata.namespace").Str != n.ref.Namespace:
		return node{}, false
	}
	n.json = strings.Clone(object.Raw)
	return n, true
}

// reported returns the nodes of a kind, or why it is not known that these are all.
func (b branch) reported(group, kind string) ([]node, *refusal) {
	if len(b.status) == 0 {
		return nil, unknown("OpenChoreo has not reported what it applied")
	}
	if group == kinds.Core && kind == "Pod" {
		return b.pods()
	}
	expected := 0
	for _, r := range b.status {
		if r.group != group || r.kind != kind {
			continue
		}
		expected++
		if !b.has(r) {
			return nil, notReturned(r)
		}
	}
	if expected == 0 {
		return nil, notTold(group, kind)
	}
	return b.of(group, kind), nil
}

func (b branch) of(group, kind string) []node {
	return slices.DeleteFunc(slices.Clone(b.nodes), func(n node) bool { return n.ref.Group != group || n.ref.Kind != kind })
}

func (b branch) has(r reported) bool {
	return slices.ContainsFunc(b.nodes, func(n node) bool {
		return n.ref == facts.Ref{Group: r.group, Kind: r.kind, Namespace: r.namespace, Name: r.name}
	})
}

func notReturned(r reported) *refusal {
	return leftOut("%s %s was deleted, or could not be read", quoted(r.kind), quoted(r.namespace+"/"+r.name))
}

func notTold(group, kind string) *refusal {
	return unknown("it does not return %s", quoted(strings.TrimSuffix(kind+"."+group, ".")))
}
