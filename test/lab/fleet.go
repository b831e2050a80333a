package lab

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
	"strings"

	"golang.org/x/sync/errgroup"
	"sigs.k8s.io/yaml"
)

// recordedComponent is the one of which a fleet is made.
const recordedComponent = "greeter-service"

// Fleet gives a bare cluster the objects of a recorded snapshot, with those of its component so many times, each under a name
// of its own. They go straight into etcd: through the API server they would get other uids, by which OpenChoreo's objects
// refer to each other, and no statuses.
func (l *Lab) Fleet(ctx context.Context, snapshot string, components int) error {
	if err := l.install(ctx, "", ""); err != nil {
		return err
	}
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
	for _, document := range shared {
		group.Go(func() error { return l.put(ctx, document) })
	}
	for i := range components {
		names := renamed(own, i)
		for _, document := range own {
			group.Go(func() error { return l.put(ctx, names.Replace(document)) })
		}
	}
	return group.Wait()
}

// recordedObjects are the objects of a snapshot, as JSON: the component's own, and those that components share.
func recordedObjects(snapshot string) (own, shared []string, err error) {
	for _, document := range strings.Split(snapshot, "\n---\n") {
		if !strings.HasPrefix(document, "ref:") {
			continue
		}
		text, err := yaml.YAMLToJSON([]byte(document))
		if err != nil {
			return nil, nil, err
		}
		if strings.Contains(document, recordedComponent) && !strings.Contains(document, "kind: Kustomization,") {
			own = append(own, string(text))
		} else {
			shared = append(shared, string(text))
		}
	}
	return own, shared, nil
}

// recorded is an object of a snapshot.
type recorded struct {
	Ref    struct{ Group, Kind, Namespace, Name string }
	Object map[string]any
}

// renamed gives one component a name and uids of its own.
func renamed(own []string, i int) *strings.Replacer {
	pairs := []string{recordedComponent, fmt.Sprintf("greeter-%04d", i)}
	for _, document := range own {
		var r struct{ Object struct{ Metadata struct{ UID string } } }
		if err := json.Unmarshal([]byte(document), &r); err == nil && r.Object.Metadata.UID != "" {
			pairs = append(pairs, r.Object.Metadata.UID, fmt.Sprintf("%s-%d", r.Object.Metadata.UID, i))
		}
	}
	return strings.NewReplacer(pairs...)
}

// put writes an object as the API server would store it: it reads JSON whatever it writes itself.
func (l *Lab) put(ctx context.Context, document string) error {
	var d recorded
	if err := json.Unmarshal([]byte(document), &d); err != nil || d.Object == nil {
		return err // what was looked for and not found has none
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
	return putKey(ctx, l.state.Planes[""].EtcdURL, key, value)
}

// putKey asks etcd's own JSON gateway (etcd v3.6 server/embed/serve.go).
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

// setManagers gives an object the managedFields that snapshots leave out: they are half of what an API server sends.
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
