// Package gitops writes and edits the GitOps repositories of the lab: a platform, a project and its components in the layout that
// OpenChoreo documents, with the Flux objects that deliver them.
package gitops

import (
	"embed"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"text/template"
)

//go:embed all:template
var templates embed.FS

// Options configures the repository. Booleans and Components are optional.
type Options struct {
	Namespace     string // control-plane namespace of the tenant
	Project       string
	Prefix        string // of the names of the GitRepository and the Kustomizations
	GitURL        string
	FluxNamespace string
	DataPlane     string // ClusterDataPlane of all environments
	// OwnsPlatform is true for the only tenant of a cluster that delivers the cluster-scoped types.
	OwnsPlatform bool
	// BindingsApart delivers the ReleaseBindings by a separate Kustomization, as OpenChoreo's older demo does.
	BindingsApart bool
	// SamplesDir is the folder of the OpenChoreo module with the sample types.
	SamplesDir string
	Occ        string // path of OpenChoreo's occ, which generates the releases
	// Components are the components to write; nil means all.
	Components []string
	// Interval of the Kustomizations, and SourceInterval of the GitRepository, as Flux writes durations.
	Interval, SourceInterval string
}

// Environments returns the environments of the pipeline, in its order.
func (Options) Environments() []string { return []string{"development", "staging", "production"} }

// SharedPath returns the path of the Kustomization of the shared platform.
func (o Options) SharedPath() string {
	if o.OwnsPlatform {
		return "./platform-shared"
	}
	return "./tenant"
}

// Checkout is a rendered repository on disk.
type Checkout struct {
	Dir     string
	Options Options
}

// Render writes the repository into dir and generates a release of every component. It binds greeter-service to development and
// staging, and the others to development.
func Render(dir string, o Options) (*Checkout, error) {
	c := &Checkout{Dir: dir, Options: o}
	if err := c.writeTemplates("template"); err != nil {
		return nil, err
	}
	if err := c.copyTypes(); err != nil {
		return nil, err
	}
	for _, component := range o.components() {
		release, err := c.CutRelease(component)
		if err != nil {
			return nil, err
		}
		environments := []string{"development"}
		if component == "greeter-service" {
			environments = append(environments, "staging")
		}
		for _, e := range environments {
			if err := c.Bind(component, e, release); err != nil {
				return nil, err
			}
		}
	}
	return c, nil
}

func (o Options) components() []string {
	if o.Components != nil {
		return o.Components
	}
	return []string{"greeter-service", "greeter-client", "cleanup", "migrate", "session-store"}
}

func (c *Checkout) writeTemplates(root string) error {
	return fs.WalkDir(templates, root, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		target, wanted := c.target(strings.TrimPrefix(path, root+"/"))
		if !wanted {
			return nil
		}
		return c.writeTemplate(path, target)
	})
}

// target returns the destination of a template; false if this layout or tenant omits it.
func (c *Checkout) target(path string) (string, bool) {
	if rest, apart := strings.CutPrefix(path, "bindings-apart/"); apart {
		return rest, c.Options.BindingsApart
	}
	if strings.HasPrefix(path, "tenant/") && c.Options.OwnsPlatform {
		return "", false
	}
	if _, rest, found := strings.Cut(path, "/components/"); found {
		component, _, _ := strings.Cut(rest, "/")
		if !slices.Contains(c.Options.components(), component) {
			return "", false
		}
	}
	return strings.NewReplacer("NAMESPACE", c.Options.Namespace, "PROJECT", c.Options.Project).Replace(path), true
}

func (c *Checkout) writeTemplate(source, target string) error {
	text, err := templates.ReadFile(source)
	if err != nil {
		return fmt.Errorf("read template %s: %w", source, err)
	}
	// OpenChoreo's expressions use single braces, so they do not conflict with template actions.
	parsed, err := template.New(target).Option("missingkey=error").Parse(string(text))
	if err != nil {
		return fmt.Errorf("parse template %s: %w", source, err)
	}
	var out strings.Builder
	if err := parsed.Execute(&out, c.Options); err != nil {
		return fmt.Errorf("fill template %s: %w", source, err)
	}
	return c.Write(target, out.String())
}

// copyTypes copies OpenChoreo's sample types unchanged, so that the lab renders like a user's installation.
func (c *Checkout) copyTypes() error {
	for _, folder := range []string{"component-types", "cluster-project-types"} {
		from := filepath.Join(c.Options.SamplesDir, "samples", "getting-started", folder)
		files, err := os.ReadDir(from)
		if err != nil {
			return fmt.Errorf("read sample types: %w", err)
		}
		for _, f := range files {
			text, err := os.ReadFile(filepath.Join(from, f.Name()))
			if err != nil {
				return fmt.Errorf("read sample type: %w", err)
			}
			if err := c.Write(filepath.Join("platform-shared", folder, f.Name()), string(text)); err != nil {
				return err
			}
		}
	}
	return nil
}
