from posthouse.config.cli import main

main()
