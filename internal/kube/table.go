package kube

import (
	"context"
	"slices"
	"strings"

	"github.com/tidwall/gjson"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

// table answers a query for references. Objects that Git delivers have no labels, and OpenChoreo's kinds have no selectable
// fields. So the server cannot filter them. But their printer columns contain the owner (openchoreo v1.2.3 config/crd/bases). A
// table without objects has about 160 bytes a row and is served from the watch cache.
func (s *Source) table(ctx context.Context, q facts.Query) listing {
	at, err := listPath(q)
	if err != nil {
		return refused(q, err)
	}
	include := "None"
	if q.Namespace == "" {
		include = "Metadata" // the cells do not contain the namespace
	}
	body, err := s.cluster(q.Plane).do(ctx, func(c *rest.RESTClient) *rest.Request {
		return accept(selected(c.Get().AbsPath(at), q), asTable).Param("includeObject", include)
	})
	if err != nil {
		return refused(q, err)
	}
	if a, ok := readTable(q, body); ok {
		return a
	}
	return s.pages(ctx, q)
}

// owns reports whether o has the owner that q selects.
func owns(q facts.Query, o facts.Object) bool {
	field, _ := ownerOf(q)
	return q.Owner == "" || kinds.Text(o.Body, "spec", "owner", field) == q.Owner
}

// ownerOf returns the field of spec.owner and the printer column that contain the owner of a kind.
func ownerOf(q facts.Query) (field, column string) {
	if q.Kind == "ProjectReleaseBinding" {
		return "projectName", "Project"
	}
	return "componentName", "Component"
}

// readTable returns the references of the rows that q selects. It returns false if the response is not a table, or if the table
// has no owner column. It does not decode the other rows, because few of thousands are needed.
func readTable(q facts.Query, body []byte) (listing, bool) {
	t := gjson.ParseBytes(body)
	if !gjson.ValidBytes(body) || t.Get("kind").Str != "Table" {
		return listing{}, false
	}
	columns := t.Get("columnDefinitions").Array()
	_, ownerColumn := ownerOf(q)
	name, owner := column(columns, "Name"), column(columns, ownerColumn)
	if name < 0 || (q.Owner != "" && owner < 0) {
		return listing{}, false
	}
	l := listing{List: facts.List{Query: q, Outcome: facts.Found, Truncated: t.Get("metadata.continue").Str != ""}}
	l.version = strings.Clone(t.Get("metadata.resourceVersion").Str)
	whole := true
	t.Get("rows").ForEach(func(_, row gjson.Result) bool {
		cells := row.Get("cells").Array()
		if whole = len(cells) == len(columns); whole && (q.Owner == "" || cells[owner].Str == q.Owner) {
			l.Items = append(l.Items, rowRef(q, row, cells[name].Str))
		}
		return whole
	})
	return l, whole
}

func column(columns []gjson.Result, name string) int {
	return slices.IndexFunc(columns, func(c gjson.Result) bool { return c.Get("name").Str == name })
}

func rowRef(q facts.Query, row gjson.Result, name string) facts.Ref {
	namespace := q.Namespace
	if namespace == "" {
		namespace = strings.Clone(row.Get("object.metadata.namespace").Str)
	}
	return facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: namespace, Name: strings.Clone(name)}
}
