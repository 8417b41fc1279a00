"""Studies kept on disk: the templates that come with the project, and drafts of what a person is working on."""
