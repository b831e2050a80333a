package kube

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// fieldManager must not begin with "kubectl". kustomize-controller takes over the fields of such managers at the next apply of
// the parent, including the annotation (v1.9.3 internal/controller/kustomization_controller.go:935).
const fieldManager = "choreo-reconcile"

// These bound how long a write is retried while an API server restarts or is overloaded, and how long after a refusal.
const (
	writeTime        = time.Minute
	refusalRetryTime = 5 * time.Second
	attemptTime      = 10 * time.Second
)

// betweenWrites returns the back-off between the attempts of a write.
func betweenWrites() wait.Backoff {
	return wait.Backoff{Duration: 100 * time.Millisecond, Factor: 2, Steps: 6, Cap: 2 * time.Second}
}

// Annotate sets one annotation of one object and returns the patched object. It is the only write of this package. The patch has
// no resourceVersion, so repeating it is harmless. After 409, 429, 5xx and transport errors it is retried with the same value,
// for at most a minute or until ctx ends. A refusal is retried for some seconds: an API server that has just started may not have
// loaded its roles and kinds yet.
func (s *Source) Annotate(ctx context.Context, ref facts.Ref, key, value string) (facts.Object, error) {
	at, err := objectPath(ref)
	if err != nil {
		return facts.Object{Ref: ref}, fmt.Errorf("annotate %s: %w", ref, err)
	}
	patch, err := json.Marshal(map[string]any{"metadata": map[string]any{"annotations": map[string]string{key: value}}})
	if err != nil {
		return facts.Object{Ref: ref}, fmt.Errorf("annotate %s: %w", ref, err)
	}
	body, err := s.cluster(ref.Plane).patch(ctx, at, patch)
	if err != nil {
		return facts.Object{Ref: ref}, fmt.Errorf("annotate %s: %w", ref, err)
	}
	o := facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{}}
	if err := o.Body.UnmarshalJSON(body); err != nil {
		return facts.Object{Ref: ref}, fmt.Errorf("annotate %s: the answer cannot be read: %w", ref, err)
	}
	facts.Clean(o.Body)
	return o, nil
}

func (c *cluster) patch(ctx context.Context, at []string, patch []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, writeTime)
	defer cancel()
	refused, cancelRefused := context.WithTimeout(ctx, refusalRetryTime)
	defer cancelRefused()
	pause := betweenWrites()
	var last error
	for {
		body, err := c.patchOnce(ctx, at, patch)
		if err != nil && ctx.Err() != nil && last != nil {
			return nil, fmt.Errorf("%w; before: %w", ctx.Err(), last)
		}
		within := ctx
		switch {
		case maybeTransientRefusal(err):
			within = refused
		case err == nil || !repeatable(err):
			return body, err
		}
		if !pauseFor(within, pause.Step()) {
			return body, err
		}
		last = err
	}
}

func (c *cluster) patchOnce(ctx context.Context, at []string, patch []byte) ([]byte, error) {
	ctx, cancel := context.WithTimeout(ctx, attemptTime)
	defer cancel()
	result := c.client.Patch(types.MergePatchType).AbsPath(at...).
		Param("fieldManager", fieldManager).Body(patch).MaxRetries(2).Do(ctx)
	body, _ := result.Raw()
	return body, result.Error()
}

// repeatable reports whether the same patch may succeed a moment later. A conflict is transient. The API server gives up after
// five attempts if others write the object all the time (Kubernetes v1.36
// staging/src/k8s.io/apiserver/pkg/endpoints/handlers/patch.go).
func repeatable(err error) bool {
	switch code := httpStatus(err); code {
	case 0, http.StatusConflict, http.StatusTooManyRequests:
		return true
	default:
		return code >= http.StatusInternalServerError
	}
}

// maybeTransientRefusal reports a refusal that may come from an API server which has just started. It serves before its caches of
// roles and of CustomResourceDefinitions are filled. A not-found error that names the object is permanent.
func maybeTransientRefusal(err error) bool {
	switch httpStatus(err) {
	case http.StatusUnauthorized, http.StatusForbidden:
		return true
	case http.StatusNotFound:
		return !namesObject(err)
	}
	return false
}

// pauseFor waits for d. It returns false if ctx ends first.
func pauseFor(ctx context.Context, d time.Duration) bool {
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-ctx.Done():
		return false
	case <-timer.C:
		return true
	}
}
