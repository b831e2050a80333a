package schemas

import (
	"context"
	"encoding/json"
	"maps"
	"regexp"
	"slices"
	"strings"

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

// compiled is a definition in the forms that the API server uses.
type compiled struct {
	structural *schema.Structural
	validator  validation.SchemaValidator
	rules      *cel.Validator
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

// prune removes the unknown fields of an object and returns their paths.
func (c *compiled) prune(object map[string]any) []string {
	return pruning.PruneWithOptions(object, c.structural, true, schema.UnknownFieldPathOptions{TrackUnknownFieldPaths: true})
}

// validate runs the API server's steps in its order (k8s.io/apiextensions-apiserver v0.37
// pkg/registry/customresource/strategy.go): defaults, types, metadata, lists, rules. Rules run only if the types are valid. The
// caller has removed unknown fields.
func (c *compiled) validate(complete map[string]any, former *unstructured.Unstructured) field.ErrorList {
	c.complete(complete)
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
		c.complete(before)
	}
	errs, _ = c.rules.Validate(context.Background(), nil, c.structural, complete, before, celconfig.RuntimeCELCostBudget)
	return errs
}

// complete removes the null values of fields that are not nullable, such as a field that is written without a value, and sets the defaults
// (k8s.io/apiextensions-apiserver v0.37 pkg/apiserver/customresource_handler.go, schemaCoercingDecoder).
func (c *compiled) complete(object any) {
	defaulting.PruneNonNullableNullsWithoutDefaults(object, c.structural)
	defaulting.Default(object, c.structural)
}

func (c *compiled) omitZeroValues(object any) { omitZeroValues(object, c.structural) }

func omitZeroValues(value any, definition *schema.Structural) {
	switch v := value.(type) {
	case map[string]any:
		for key, inner := range v {
			field, known := definition.Properties[key]
			switch {
			case known && field.Default.Object == nil && isZero(inner):
				delete(v, key)
			case known:
				omitZeroValues(inner, &field)
			case definition.AdditionalProperties != nil && definition.AdditionalProperties.Structural != nil:
				omitZeroValues(inner, definition.AdditionalProperties.Structural)
			}
		}
	case []any:
		for _, entry := range v {
			if definition.Items != nil {
				omitZeroValues(entry, definition.Items)
			}
		}
	}
}

func isZero(value any) bool {
	if list, ok := value.([]any); ok {
		return len(list) == 0
	}
	return value == nil || value == false || value == int64(0) || value == float64(0) || value == ""
}

var step = regexp.MustCompile(`[^.\[\]]+`)

// beside returns the fields that the definition has in the place of an unknown one.
func (c *compiled) beside(path string) []string {
	steps := step.FindAllString(path, -1)
	at := c.structural
	for _, name := range steps[:max(len(steps)-1, 0)] {
		inner, ok := at.Properties[name]
		switch {
		case ok:
			at = &inner
		case at.AdditionalProperties != nil && at.AdditionalProperties.Structural != nil:
			at = at.AdditionalProperties.Structural
		case at.Items != nil && strings.Trim(name, "0123456789") == "":
			at = at.Items
		default:
			return nil // a key with dots
		}
	}
	return slices.Sorted(maps.Keys(at.Properties))
}
