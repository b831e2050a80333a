package kube

import (
	"context"
	"encoding/json"
	"slices"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const asTable = "application/json;as=Table;v=v1;g=meta.k8s.io,application/json"

// table answers a query for references. What git delivers carries no labels, and OpenChoreo's kinds have no selectable
// fields, so a server-side filter does not exist; but their printer columns name the owner (openchoreo v1.2.3
// config/crd/bases), and a table without objects is some 160 bytes a row, served from the watch cache.
func (s *Source) table(ctx context.Context, q facts.Query) listing {
	at, known := path(q.Group, q.Kind, q.Namespace)
	if !known {
		return listing{List: facts.List{Query: q, Outcome: facts.NoKind, Reason: "this kind is never read"}}
	}
	include := "None"
	if q.Namespace == "" {
		include = "Metadata" // the cells do not say the namespace
	}
	body, err := s.do(ctx, q.Plane, func(c *rest.RESTClient) *rest.Request {
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

// owns reports whether o is one of the objects that q asks for by their owner.
func owns(q facts.Query, o facts.Object) bool {
	return q.Owner == "" || kinds.Text(o.Body, "spec", "owner", "componentName") == q.Owner
}

// readTable takes the references of the rows that q asks for; false when the server gave no table or the table does
// not name the owner.
func readTable(q facts.Query, body []byte) (listing, bool) {
	var t metav1.Table
	if err := json.Unmarshal(body, &t); err != nil || t.Kind != "Table" {
		return listing{}, false
	}
	name, owner := column(t, "Name"), column(t, "Component")
	if name < 0 || (q.Owner != "" && owner < 0) {
		return listing{}, false
	}
	l := listing{List: facts.List{Query: q, Outcome: facts.Found, Truncated: t.Continue != ""}, version: t.ResourceVersion}
	for _, row := range t.Rows {
		if len(row.Cells) != len(t.ColumnDefinitions) {
			return listing{}, false
		}
		if q.Owner != "" && row.Cells[owner] != q.Owner {
			continue
		}
		text, _ := row.Cells[name].(string)
		l.Items = append(l.Items, facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: rowNamespace(q, row), Name: text})
	}
	return l, true
}

func column(t metav1.Table, name string) int {
	return slices.IndexFunc(t.ColumnDefinitions, func(c metav1.TableColumnDefinition) bool { return c.Name == name })
}

func rowNamespace(q facts.Query, row metav1.TableRow) string {
	var object metav1.PartialObjectMetadata
	if q.Namespace == "" && json.Unmarshal(row.Object.Raw, &object) == nil {
		return object.Namespace
	}
	return q.Namespace
}
