// Package schemas validates objects against OpenChoreo's CustomResourceDefinitions without an API server: unknown fields, types,
// required fields, enumerations, and CEL rules. It does not run admission webhooks.
//
// The schemas are those of OpenChoreo v1.2.3, config/crd/bases, without descriptions and status: data of the OpenChoreo authors,
// Apache License 2.0, https://github.com/openchoreo/openchoreo. `make schemas` regenerates them.
package schemas

import (
	"context"
	_ "embed" // for the schemas
	"encoding/json"
	"fmt"
	"sync"

	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/cel"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/defaulting"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/listtype"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/objectmeta"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/schema/pruning"
	"k8s.io/apiextensions-apiserver/pkg/apiserver/validation"
	apivalidation "k8s.io/apimachinery/pkg/api/validation"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	metav1validation "k8s.io/apimachinery/pkg/apis/meta/v1/validation"
	"k8s.io/apimachinery/pkg/util/validation/field"
	celconfig "k8s.io/apiserver/pkg/apis/cel"
)

//go:generate make -C ../.. schemas

// Version is the OpenChoreo release of the schemas.
const Version = "1.2"

//go:embed openchoreo-1.2.json
var embedded []byte

// Violation is one reason for which the API server would reject an object.
type Violation struct {
	Path    string // of the field, such as spec.endpoints[http].port
	Message string
	Value   any // the value in the field; nil if there is none
}

// Set holds the schemas. Each schema is compiled at its first use. A Set is safe for concurrent use.
type Set struct {
	sources map[string]json.RawMessage

	mu       sync.Mutex
	compiled map[string]*compiled
}

type compiled struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
}

// New reads the embedded schemas.
func New() (*Set, error) {
	s := &Set{compiled: map[string]*compiled{}}
	if err := json.Unmarshal(embedded, &s.sources); err != nil {
		return nil, fmt.Errorf("read the embedded schemas: %w", err)
	}
	return s, nil
}

// Knows reports whether OpenChoreo has a kind in that API version.
func (s *Set) Knows(version, kind string) bool {
	_, ok := s.sources[kind]
	return ok && version == "v1alpha1"
}

// Check validates an object against the schema of its kind. With former, the previous state of the object, it also checks
// transition rules, such as immutability. An error means that the schema itself is unusable.
func (s *Set) Check(body, former *unstructured.Unstructured) ([]Violation, error) {
	c, err := s.schema(body.GetKind())
	if err != nil {
		return nil, fmt.Errorf("compile the schema of %s: %w", body.GetKind(), err)
	}
	var found []Violation
	complete := body.DeepCopy().Object
	for _, path := range pruning.PruneWithOptions(complete, c.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true}) {
		found = append(found, Violation{Path: path, Message: fmt.Sprintf("OpenChoreo %s has no field %s in %s", Version, path, body.GetKind())})
	}
	for _, e := range c.validate(complete, former) {
		found = append(found, Violation{Path: e.Field, Message: e.Error(), Value: e.BadValue})
	}
	return found, nil
}

// validate runs the API server's steps in its order (k8s.io/apiextensions-apiserver v0.36
// pkg/registry/customresource/strategy.go): defaults, types, metadata, lists, rules. Rules run only if the types are valid. The
// caller has removed unknown fields.
func (c *compiled) validate(complete map[string]any, former *unstructured.Unstructured) field.ErrorList {
	defaulting.Default(complete, c.structural)
	var errs field.ErrorList
	path := field.NewPath("metadata")
	if metadata, _, err := objectmeta.GetObjectMeta(complete, false); err != nil {
		errs = append(errs, field.Invalid(path, "", err.Error()))
	} else if metadata != nil {
		for _, refused := range apivalidation.NameIsDNSSubdomain(metadata.Name, false) {
			errs = append(errs, field.Invalid(path.Child("name"), metadata.Name, refused))
		}
		errs = append(errs, metav1validation.ValidateLabels(metadata.Labels, path.Child("labels"))...)
	}
	errs = append(errs, validation.ValidateCustomResource(nil, complete, c.validator)...)
	errs = append(errs, listtype.ValidateListSetsAndMaps(nil, c.structural, complete)...)
	if len(errs) > 0 || c.rules == nil {
		return errs
	}
	var before any
	if former != nil {
		before = former.DeepCopy().Object
		defaulting.Default(before, c.structural)
	}
	errs, _ = c.rules.Validate(context.Background(), nil, c.structural, complete, before, celconfig.RuntimeCELCostBudget)
	return errs
}

func (s *Set) schema(kind string) (*compiled, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if c, ok := s.compiled[kind]; ok {
		return c, nil
	}
	c, err := compile(s.sources[kind])
	if err == nil {
		s.compiled[kind] = c
	}
	return c, err
}

func compile(source json.RawMessage) (*compiled, error) {
	var versioned apiextensionsv1.JSONSchemaProps
	if err := json.Unmarshal(source, &versioned); err != nil {
		return nil, err
	}
	var internal apiextensions.JSONSchemaProps
	if err := apiextensionsv1.Convert_v1_JSONSchemaProps_To_apiextensions_JSONSchemaProps(&versioned, &internal, nil); err != nil {
		return nil, err
	}
	structural, err := schema.NewStructural(&internal)
	if err != nil {
		return nil, err
	}
	validator, _, err := validation.NewSchemaValidator(&internal)
	if err != nil {
		return nil, err
	}
	return &compiled{structural, validator, cel.NewValidator(structural, true, celconfig.PerCallLimit)}, nil
}
