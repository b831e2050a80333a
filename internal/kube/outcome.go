package kube

import (
	"context"
	"errors"
	"net"
	"net/http"
	"strings"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// outcome converts an API error to an outcome and a reason. name is the name of the requested object, "" for a list.
func outcome(err error, name string) (facts.Outcome, string) {
	reason := oneLine(err)
	var invalid invalidError
	switch {
	case errors.As(err, &invalid):
		return facts.Invalid, reason
	case errors.Is(err, errUnread):
		return facts.NoKind, reason
	}
	switch httpStatus(err) {
	case http.StatusNotFound:
		if name != "" && namesObject(err) {
			return facts.Absent, reason
		}
		return facts.NoKind, reason
	case http.StatusForbidden:
		return facts.Forbidden, reason
	case http.StatusUnauthorized:
		return facts.Forbidden, unauthorized(reason)
	}
	if errors.Is(err, context.Canceled) {
		return facts.Unreachable, "interrupted"
	}
	return facts.Unreachable, reason
}

// namesObject distinguishes "object not found" from "path not found". The first error comes from the storage and names the
// object. The second is the response to any unknown path (Kubernetes v1.36
// staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters).
func namesObject(err error) bool {
	status, ok := apiStatus(err)
	if !ok || status.Details == nil || status.Details.Name == "" {
		return false
	}
	for _, cause := range status.Details.Causes {
		if cause.Type == metav1.CauseTypeUnexpectedServerResponse {
			return false
		}
	}
	return true
}

func apiStatus(err error) (metav1.Status, bool) {
	var status apierrors.APIStatus
	if !errors.As(err, &status) {
		return metav1.Status{}, false
	}
	return status.Status(), true
}

func isTimeout(err error) bool {
	var timeout net.Error
	return errors.Is(err, context.DeadlineExceeded) || (errors.As(err, &timeout) && timeout.Timeout())
}

func oneLine(err error) string { return strings.Join(strings.Fields(err.Error()), " ") }

func unauthorized(reason string) string {
	if facts.IsUnauthorized(reason) {
		return reason
	}
	return facts.Unauthorized + ": " + reason
}
