// Package fleet creates the objects of installations with many components.
package fleet

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/yaml"
)

// recordedComponent is the component of the recorded snapshot that Fill copies.
const recordedComponent = "greeter-service"

// Fill writes the objects of a snapshot to etcd, and copies of its component under different names. It bypasses the API server, which
// would drop the statuses and set new uids: OpenChoreo's objects refer to each other by uid.
func Fill(ctx context.Context, etcd, snapshot string, components int) error {
	text, err := os.ReadFile(snapshot)
	if err != nil {
		return fmt.Errorf("read a snapshot: %w", err)
	}
	own, shared, err := recordedObjects(string(text))
	if err != nil {
		return fmt.Errorf("read %s: %w", snapshot, err)
	}
	group, ctx := errgroup.WithContext(ctx)
	group.SetLimit(16)
	for _, r := range shared {
		group.Go(func() error { return put(ctx, etcd, r.text) })
	}
	for i := range components {
		for _, r := range copyObjects(own, recordedComponent, fmt.Sprintf("greeter-%04d", i), fmt.Sprintf("-%d", i)) {
			group.Go(func() error { return put(ctx, etcd, r.text) })
		}
	}
	return group.Wait()
}

// recorded is an object of a snapshot, and its JSON text.
type recorded struct {
	Ref    struct{ Group, Kind, Namespace, Name string }
	Object struct{ Metadata struct{ UID string } }
	text   string
}

// recordedObjects returns the component's own objects in a snapshot, and those that components share.
func recordedObjects(snapshot string) (own, shared []recorded, err error) {
	var all []recorded
	for _, document := range strings.Split(snapshot, "\n---\n") {
		if !strings.HasPrefix(document, "ref:") {
			continue
		}
		text, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, nil, err
		}
		one := recorded{text: string(text)}
		if err := json.Unmarshal(text, &one); err != nil {
			return nil, nil, err
		}
		all = append(all, one)
	}
	for _, one := range append(all, copyToProduction(all)...) {
		if strings.Contains(one.text, recordedComponent) && one.Ref.Kind != "Kustomization" {
			own = append(own, one)
		} else {
			shared = append(shared, one)
		}
	}
	return own, shared, nil
}

// copyToProduction copies the objects of staging: the snapshot has no production.
func copyToProduction(all []recorded) []recorded {
	staging := slices.DeleteFunc(slices.Clone(all), func(r recorded) bool {
		return r.Ref.Kind == "Environment" || !strings.Contains(r.Ref.Name, "staging")
	})
	return copyObjects(staging, "staging", "production", "-production")
}

// copyObjects returns renamed copies with unique uids.
func copyObjects(all []recorded, from, to, suffix string) []recorded {
	pairs := []string{from, to}
	for _, r := range all {
		if uid := r.Object.Metadata.UID; uid != "" {
			pairs = append(pairs, uid, uid+suffix)
		}
	}
	names := strings.NewReplacer(pairs...)
	var copies []recorded
	for _, r := range all {
		r.text = names.Replace(r.text)
		r.Object.Metadata.UID = names.Replace(r.Object.Metadata.UID)
		copies = append(copies, r)
	}
	return copies
}

// put writes an object to etcd as JSON, which the API server reads besides protobuf.
func put(ctx context.Context, etcd, document string) error {
	var d struct {
		Ref    struct{ Group, Kind, Namespace, Name string }
		Object map[string]any
	}
	if err := json.Unmarshal([]byte(document), &d); err != nil || d.Object == nil {
		return err // an object that was not found has no body
	}
	setManagers(d.Object)
	value, err := json.Marshal(d.Object)
	if err != nil {
		return fmt.Errorf("encode %s: %w", d.Ref.Name, err)
	}
	group, plural := d.Ref.Group, strings.ToLower(d.Ref.Kind)+"s"
	if stem, ok := strings.CutSuffix(plural, "ys"); ok {
		plural = stem + "ies"
	}
	if !strings.Contains(group, ".") {
		group = "" // a built-in kind
	}
	key := path.Join("/registry", group, plural, d.Ref.Namespace, d.Ref.Name)
	return putKey(ctx, etcd, key, value)
}

// putKey calls etcd's own JSON gateway (etcd v3.6 server/embed/serve.go).
func putKey(ctx context.Context, etcd, key string, value []byte) error {
	body, err := json.Marshal(map[string]string{
		"key": base64.StdEncoding.EncodeToString([]byte(key)), "value": base64.StdEncoding.EncodeToString(value),
	})
	if err != nil {
		return err
	}
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, etcd+"/v3/kv/put", bytes.NewReader(body))
	if err != nil {
		return err
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return fmt.Errorf("write %s: %w", key, err)
	}
	defer func() { _ = response.Body.Close() }()
	if message, _ := io.ReadAll(response.Body); response.StatusCode != http.StatusOK {
		return fmt.Errorf("write %s: %s", key, message)
	}
	return nil
}

// setManagers adds the managedFields that snapshots omit, so that responses have a realistic size.
func setManagers(body map[string]any) {
	metadata, _ := body["metadata"].(map[string]any)
	delete(metadata, "resourceVersion")
	entry := func(field, subresource string) map[string]any {
		return map[string]any{
			"apiVersion": body["apiVersion"], "fieldsType": "FieldsV1", "manager": "lab", "operation": "Update", "subresource": subresource,
			"fieldsV1": map[string]any{"f:" + field: fieldsOf(body[field])},
		}
	}
	metadata["managedFields"] = []any{entry("spec", ""), entry("status", "status")}
}

func fieldsOf(value any) map[string]any {
	fields := map[string]any{}
	switch value := value.(type) {
	case map[string]any:
		for name, inner := range value {
			fields["f:"+name] = fieldsOf(inner)
		}
	case []any:
		for _, inner := range value {
			if one, ok := inner.(map[string]any); ok && one["name"] != nil {
				fields[fmt.Sprintf("k:{\"name\":%q}", one["name"])] = fieldsOf(one)
			}
		}
	}
	return fields
}
