package kube

import (
	"context"
	"fmt"
	"net/http"
	"strconv"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// pageSize is client-go's own (tools/pager): large enough that most lists are one page.
const pageSize = 500

// List answers a query. A query for owners or names is answered from the table form, without bodies.
func (s *Source) List(ctx context.Context, q facts.Query) (facts.List, []facts.Object) {
	if q.Owner != "" || q.Names {
		return s.table(ctx, q)
	}
	return s.pages(ctx, q, func(facts.Object) bool { return true })
}

// pages reads a list page by page and keeps what the caller wants. A continuation that has expired is begun anew once,
// without pages: that answer cannot expire.
func (s *Source) pages(ctx context.Context, q facts.Query, keep func(facts.Object) bool) (facts.List, []facts.Object) {
	l, objects, expired := s.readPages(ctx, q, pageSize, keep)
	if expired {
		l, objects, _ = s.readPages(ctx, q, 0, keep)
	}
	return l, objects
}

func (s *Source) readPages(ctx context.Context, q facts.Query, limit int, keep func(facts.Object) bool) (l facts.List, objects []facts.Object, expired bool) {
	l = facts.List{Query: q}
	next := ""
	for {
		page, err := s.page(ctx, q, limit, next)
		if err != nil {
			outcome, reason := outcome(err, "")
			return facts.List{Query: q, Outcome: outcome, Reason: reason}, nil, httpStatus(err) == http.StatusGone && next != ""
		}
		for i := range page.Items {
			o := found(q, &page.Items[i])
			if keep(o) {
				l.Items = append(l.Items, o.Ref)
				objects = append(objects, o)
			}
		}
		next = page.GetContinue()
		if next == "" || len(objects) >= s.maxItems {
			l.Outcome, l.Truncated = facts.Found, next != ""
			return l, objects, false
		}
	}
}

func (s *Source) page(ctx context.Context, q facts.Query, limit int, next string) (*unstructured.UnstructuredList, error) {
	at, known := path(q.Group, q.Kind, q.Namespace)
	if !known {
		return nil, fmt.Errorf("kind %s of group %q is never read", q.Kind, q.Group)
	}
	body, err := s.do(ctx, q.Plane, func(c *rest.RESTClient) *rest.Request {
		r := selected(c.Get().AbsPath(at), q)
		if limit > 0 {
			r = r.Param("limit", strconv.Itoa(limit))
		}
		if next != "" {
			r = r.Param("continue", next)
		}
		return r
	})
	if err != nil {
		return nil, err
	}
	page := &unstructured.UnstructuredList{}
	if err := page.UnmarshalJSON(body); err != nil {
		return nil, fmt.Errorf("the answer cannot be read: %w", err)
	}
	return page, nil
}

func selected(r *rest.Request, q facts.Query) *rest.Request {
	if q.Labels != "" {
		r = r.Param("labelSelector", q.Labels)
	}
	if q.Fields != "" {
		r = r.Param("fieldSelector", q.Fields)
	}
	return r
}

func found(q facts.Query, u *unstructured.Unstructured) facts.Object {
	facts.Clean(u)
	// The items of a list of a built-in kind carry neither kind nor version.
	if u.GetKind() == "" {
		u.SetKind(q.Kind)
	}
	ref := facts.Ref{Plane: q.Plane, Group: q.Group, Kind: q.Kind, Namespace: u.GetNamespace(), Name: u.GetName()}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: u}
}
