package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"
	authorizationv1 "k8s.io/api/authorization/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Right is the result of an access review.
type Right uint8

const (
	// RightUnknown is the zero value: no review was made, or it failed.
	RightUnknown Right = iota
	// Allowed means that the API server allows the patch.
	Allowed
	// Denied means that the API server denies the patch.
	Denied
)

// Access is the result of an access review for a patch of one object.
type Access struct {
	Ref    facts.Ref
	Right  Right
	Reason string // the cluster's own message, often empty
}

// rightsInParallel bounds the number of concurrent reviews.
const rightsInParallel = 16

// MayPatch checks for each object whether the user may patch it. It uses SelfSubjectAccessReviews, which write nothing. It makes
// one for each kind and namespace. If that is denied, it makes one for each object, because a Role may allow single names. The
// results are in the order of refs.
func (s *Source) MayPatch(ctx context.Context, refs []facts.Ref) []Access {
	var kindsAsked []facts.Ref
	for _, ref := range refs {
		if r := anyName(ref); !slices.Contains(kindsAsked, r) {
			kindsAsked = append(kindsAsked, r)
		}
	}
	byKind := s.review(ctx, kindsAsked)
	answers := make([]Access, len(refs))
	var alone []facts.Ref
	for i, ref := range refs {
		answers[i] = byKind[slices.Index(kindsAsked, anyName(ref))]
		answers[i].Ref = ref
		if answers[i].Right == Denied {
			alone = append(alone, ref)
		}
	}
	for _, a := range s.review(ctx, alone) {
		answers[slices.Index(refs, a.Ref)] = a
	}
	return answers
}

func anyName(ref facts.Ref) facts.Ref {
	ref.Name = ""
	return ref
}

// review makes all reviews concurrently. The results are in the order of refs.
func (s *Source) review(ctx context.Context, refs []facts.Ref) []Access {
	answers := make([]Access, len(refs))
	var group errgroup.Group
	group.SetLimit(rightsInParallel)
	for i, ref := range refs {
		group.Go(func() error {
			answers[i] = s.cluster(ref.Plane).review(ctx, ref)
			return nil
		})
	}
	_ = group.Wait() // a failed review is a result, not an error
	return answers
}

func (c *cluster) review(ctx context.Context, ref facts.Ref) Access {
	a := Access{Ref: ref}
	if err := reviewable(ref); err != nil {
		a.Reason = oneLine(err)
		return a
	}
	kind, _ := kinds.Lookup(ref.Group, ref.Kind)
	review := authorizationv1.SelfSubjectAccessReview{
		TypeMeta: metav1.TypeMeta{APIVersion: authorizationv1.SchemeGroupVersion.String(), Kind: "SelfSubjectAccessReview"},
		Spec: authorizationv1.SelfSubjectAccessReviewSpec{ResourceAttributes: &authorizationv1.ResourceAttributes{
			Verb: "patch", Group: kind.Group, Resource: kind.Plural, Namespace: ref.Namespace, Name: ref.Name,
		}},
	}
	if err := c.post(ctx, &review); err != nil {
		a.Reason = oneLine(err)
		return a
	}
	a.Right, a.Reason = Denied, review.Status.Reason
	switch {
	case review.Status.Allowed:
		a.Right = Allowed
	case review.Status.EvaluationError != "" && review.Status.Reason == "":
		a.Reason = review.Status.EvaluationError
	}
	return a
}

// reviewable returns an error for a reference that cannot be patched. A review without a name covers the whole namespace.
func reviewable(ref facts.Ref) error {
	if ref.Name == "" {
		_, err := listPath(facts.Query{Group: ref.Group, Kind: ref.Kind, Namespace: ref.Namespace})
		return err
	}
	_, err := objectPath(ref)
	return err
}

// post sends the review and decodes the response into it.
func (c *cluster) post(ctx context.Context, review *authorizationv1.SelfSubjectAccessReview) error {
	question, err := json.Marshal(review)
	if err != nil {
		return err
	}
	body, err := c.do(ctx, func(c *rest.RESTClient) *rest.Request {
		return c.Post().AbsPath("/apis/authorization.k8s.io/v1/selfsubjectaccessreviews").Body(question)
	})
	if err != nil {
		return err
	}
	if err := json.Unmarshal(body, review); err != nil {
		return fmt.Errorf("the answer cannot be read: %w", err)
	}
	return nil
}
