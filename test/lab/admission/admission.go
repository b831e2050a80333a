// Package admission is the mutating admission webhook of the lab. It mutates Deployments and pods like webhooks of real
// clusters, to test the comparison of rendered and live objects.
package admission

import (
	"encoding/json"
	"fmt"
	"net/http"
	"slices"
	"strings"

	admissionv1 "k8s.io/api/admission/v1"
	corev1 "k8s.io/api/core/v1"
)

// Digest is the digest that Pin adds to every tag.
const Digest = "sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945"

// Registry is the mirror that Mirror prepends to every image.
const Registry = "mirror.example.com"

// The mutations. The path of the request selects one.
const (
	Sidecar  = "sidecar"  // a proxy before the containers, a native sidecar and an init container, as in Istio and Linkerd
	Pin      = "pin"      // image:tag becomes image:tag@digest, as in policy engines
	Mirror   = "mirror"   // registry.example.com/app becomes mirror.example.com/registry.example.com/app
	Defaults = "defaults" // defaults for unset fields, as in a LimitRange or a policy
)

// All returns the names of the mutations.
func All() []string { return []string{Sidecar, Pin, Mirror, Defaults} }

// patch is one operation of a JSON patch (RFC 6902).
type patch struct {
	Op    string `json:"op"`
	Path  string `json:"path"`
	Value any    `json:"value"`
}

// Handler handles AdmissionReviews. The path selects the mutation.
func Handler() http.Handler {
	mux := http.NewServeMux()
	for _, name := range All() {
		mux.HandleFunc("POST /"+name, func(w http.ResponseWriter, r *http.Request) { serve(w, r, name) })
	}
	return mux
}

func serve(w http.ResponseWriter, r *http.Request, mutation string) {
	var review admissionv1.AdmissionReview
	if err := json.NewDecoder(r.Body).Decode(&review); err != nil || review.Request == nil {
		http.Error(w, fmt.Sprintf("read the AdmissionReview: %v", err), http.StatusBadRequest)
		return
	}
	response := &admissionv1.AdmissionResponse{UID: review.Request.UID, Allowed: true}
	patches, err := mutate(mutation, review.Request)
	if err == nil && len(patches) > 0 {
		kind := admissionv1.PatchTypeJSONPatch
		response.PatchType = &kind
		response.Patch, err = json.Marshal(patches)
	}
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	review.Request, review.Response = nil, response
	w.Header().Set("Content-Type", "application/json")
	_ = json.NewEncoder(w).Encode(review)
}

// mutate patches the pod, or the pod template of a Deployment.
func mutate(mutation string, request *admissionv1.AdmissionRequest) ([]patch, error) {
	at, object := "/spec", struct {
		Spec struct {
			corev1.PodSpec
			Template corev1.PodTemplateSpec `json:"template"`
		} `json:"spec"`
	}{}
	if err := json.Unmarshal(request.Object.Raw, &object); err != nil {
		return nil, fmt.Errorf("read the object under review: %w", err)
	}
	spec := object.Spec.PodSpec
	if request.Kind.Kind != "Pod" {
		at, spec = "/spec/template/spec", object.Spec.Template.Spec
	}
	switch mutation {
	case Sidecar:
		if request.Kind.Kind != "Pod" {
			return nil, nil // injectors mutate pods only
		}
		return inject(at, spec), nil
	case Pin:
		return images(at, spec, pinned), nil
	case Mirror:
		return images(at, spec, mirrored), nil
	case Defaults:
		return defaults(at, spec), nil
	}
	return nil, fmt.Errorf("unknown mutation %q", mutation)
}

// inject prepends its containers, like Istio with holdApplicationUntilProxyStarts.
func inject(at string, spec corev1.PodSpec) []patch {
	always := corev1.ContainerRestartPolicyAlways
	initial := slices.Concat([]corev1.Container{
		{Name: "istio-init", Image: "docker.io/istio/proxyv2:1.29.0"},
		{Name: "linkerd-proxy", Image: "cr.l5d.io/linkerd/proxy:edge-26.11.1", RestartPolicy: &always},
	}, spec.InitContainers)
	proxy := corev1.Container{Name: "istio-proxy", Image: "docker.io/istio/proxyv2:1.29.0"}
	return []patch{
		{"add", at + "/initContainers", initial},
		{"add", at + "/containers", slices.Concat([]corev1.Container{proxy}, spec.Containers)},
	}
}

func images(at string, spec corev1.PodSpec, change func(string) string) []patch {
	var all []patch
	for i, c := range spec.Containers {
		if changed := change(c.Image); changed != c.Image {
			all = append(all, patch{"replace", fmt.Sprintf("%s/containers/%d/image", at, i), changed})
		}
	}
	return all
}

func pinned(image string) string {
	if strings.Contains(image, "@") {
		return image
	}
	return image + "@" + Digest
}

func mirrored(image string) string {
	if strings.HasPrefix(image, Registry+"/") {
		return image
	}
	return Registry + "/" + image
}

// defaults adds only missing fields: the API server calls the webhook at each update.
func defaults(at string, spec corev1.PodSpec) []patch {
	all := []patch{{"add", at + "/terminationGracePeriodSeconds", int64(45)}}
	if toleration := (corev1.Toleration{Key: "example.com/spot", Operator: corev1.TolerationOpExists}); !slices.Contains(spec.Tolerations, toleration) {
		all = append(all, patch{"add", at + "/tolerations", append(slices.Clone(spec.Tolerations), toleration)})
	}
	for i, c := range spec.Containers {
		if variable := (corev1.EnvVar{Name: "INJECTED", Value: "by the lab's webhook"}); !slices.Contains(c.Env, variable) {
			all = append(all, patch{"add", fmt.Sprintf("%s/containers/%d/env", at, i), append(slices.Clone(c.Env), variable)})
		}
	}
	return all
}
